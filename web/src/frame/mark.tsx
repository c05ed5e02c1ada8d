/** The product's mark: two sockets and the cord between them. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#3450cf" />
      <path d="M10 12v4.5a6 6 0 0 0 12 0V12" fill="none" stroke="#fff" strokeWidth="2.5" strokeLinecap="round" />
      <circle cx="10" cy="10" r="3" fill="#3450cf" stroke="#fff" strokeWidth="2.5" />
      <circle cx="22" cy="10" r="3" fill="#3450cf" stroke="#fff" strokeWidth="2.5" />
    </svg>
  )
}
