import { Button } from '@fluentui/react-components'
import { ArrowUpload20Regular } from '@fluentui/react-icons/svg/arrow-upload'
import { useRef } from 'react'

/** Reads a text file of the person's own; nothing is sent anywhere. */
export function FileButton(props: { label: string; accept: string; onText(text: string): void }) {
  const input = useRef<HTMLInputElement>(null)
  async function read(files: FileList | null): Promise<void> {
    const text = await files?.[0]?.text()
    if (text !== undefined) props.onText(text)
    // The same file can be taken once more.
    if (input.current) input.current.value = ''
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        accept={props.accept}
        onChange={(event) => void read(event.currentTarget.files)}
      />
      <Button size="small" icon={<ArrowUpload20Regular />} onClick={() => input.current?.click()}>
        {props.label}
      </Button>
    </>
  )
}

/** Gives the person a file: of JSON, or of whatever bytes. */
export function download(name: string, content: string | Blob): void {
  const url = URL.createObjectURL(
    typeof content === 'string' ? new Blob([content], { type: 'application/json' }) : content,
  )
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
