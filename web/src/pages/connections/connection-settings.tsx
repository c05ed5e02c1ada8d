import { Button, Field, Input, Select } from '@fluentui/react-components'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useMemo, useState } from 'react'
import { client, keepSaved } from '../../api/client.ts'
import { type Connection, changeConnection } from '../../api/connections.ts'
import { ErrorNotice } from '../../parts/error-notice.tsx'
import { useToasts } from '../../parts/toasts.tsx'
import { useText } from '../../text/use-text.tsx'
import { ApiVersionField, isApiVersion } from './api-version.tsx'
import styles from './connection.module.css'
import { countryCodes } from './countries.ts'

export function ConnectionSettingsForm({ connection }: { connection: Connection }) {
  const { t } = useText()
  const toasts = useToasts()
  const [name, setName] = useState(connection.name)
  const [country, setCountry] = useState(connection.settings.defaultCountry ?? '')
  const [timeZone, setTimeZone] = useState(connection.settings.timeZone ?? '')
  const hasVersion = connection.crm === 'salesforce'
  const [version, setVersion] = useState(connection.settings.apiVersion ?? '')
  const zones = useMemo(() => Intl.supportedValuesOf('timeZone'), [])
  const countries = useCountries()
  const save = useMutation({
    mutationFn: () =>
      changeConnection(connection.id, {
        name: name.trim(),
        settings: {
          ...{ defaultCountry: country || null, timeZone: timeZone || null },
          ...(hasVersion ? { apiVersion: version.trim() || null } : {}),
        },
      }),
    onSuccess: (changed) => {
      keepSaved(['connections', connection.id], changed)
      setVersion(changed.settings.apiVersion ?? '')
      void client.invalidateQueries({ queryKey: ['status'] })
      toasts.done(t.connection.saved)
    },
  })
  const changed =
    name.trim() !== connection.name ||
    country !== (connection.settings.defaultCountry ?? '') ||
    timeZone !== (connection.settings.timeZone ?? '') ||
    version.trim() !== (connection.settings.apiVersion ?? '')
  const fits = name.trim() !== '' && isApiVersion(version)
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (changed && fits) save.mutate()
  }
  return (
    <form className={styles.form} onSubmit={submit}>
      <Field
        label={t.connection.name}
        validationState={name.trim() ? 'none' : 'error'}
        validationMessage={name.trim() ? null : t.wizard.missing}
      >
        <Input value={name} maxLength={200} onChange={(_, data) => setName(data.value)} />
      </Field>
      <Field label={t.connection.country} hint={t.connection.countryHint}>
        <Select value={country} onChange={(_, data) => setCountry(data.value)}>
          <option value="">{t.connection.countryNone}</option>
          {countries.map(([code, text]) => (
            <option key={code} value={code}>
              {text}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={t.connection.timeZone} hint={t.connection.timeZoneHint}>
        <Select value={timeZone} onChange={(_, data) => setTimeZone(data.value)}>
          <option value="">UTC</option>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </Select>
      </Field>
      {hasVersion ? <ApiVersionField value={version} onChange={setVersion} /> : null}
      {save.isError ? <ErrorNotice error={save.error} subject={connection.name} /> : null}
      <Button type="submit" className={styles.save} disabledFocusable={!changed || !fits || save.isPending}>
        {t.act.save}
      </Button>
    </form>
  )
}

export function useCountries(): [string, string][] {
  const { f, language } = useText()
  return useMemo(
    () =>
      countryCodes
        .map((code): [string, string] => [code, f.country(code)])
        .sort((a, b) => a[1].localeCompare(b[1], language)),
    [f, language],
  )
}
