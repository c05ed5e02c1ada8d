// Runs before the first paint, so that a chosen theme or language never flashes the other one. Kept apart from the
// bundle because the content security policy forbids inline scripts.
;(() => {
  let theme = 'system'
  let language = ''
  try {
    theme = localStorage.getItem('jackfield.theme') || 'system'
    language = localStorage.getItem('jackfield.language') || ''
  } catch {
    // Storage may be shut off: the system's own choice is used.
  }
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  if (language) document.documentElement.lang = language
})()
