import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { desktopClient } from './client/build.ts'

export default defineConfig({
  base: '/',
  plugins: [react(), desktopClient()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Source text stays with the project; the server serves what a browser needs.
    sourcemap: false,
    assetsInlineLimit: 0,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: 'http://127.0.0.1:8080', changeOrigin: false } },
  },
})
