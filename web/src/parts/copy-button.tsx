import { Button } from '@fluentui/react-components'
import { Checkmark16Regular } from '@fluentui/react-icons/svg/checkmark'
import { Copy16Regular } from '@fluentui/react-icons/svg/copy'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../text/use-text.tsx'
import { announce } from './announcer.tsx'

export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useText()
  const [copied, setCopied] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  async function copy(): Promise<void> {
    await putOnClipboard(text)
    setCopied(true)
    announce(t.act.copied)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setCopied(false), 2000)
  }
  return (
    <Button size="small" icon={copied ? <Checkmark16Regular /> : <Copy16Regular />} onClick={() => void copy()}>
      {copied ? t.act.copied : (label ?? t.act.copy)}
    </Button>
  )
}

async function putOnClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // On a plain-http address browsers hide the clipboard: the old way still works.
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand('copy')
    area.remove()
  }
}
