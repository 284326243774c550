/// <reference types="astro/client" />
/// <reference types="vite/client" />

declare module 'virtual:sandbox-worker?worker' {
  const SandboxWorker: new (options?: { name?: string }) => Worker;
  export default SandboxWorker;
}

interface ImportMetaEnv {
  readonly PUBLIC_SANDBOX_HOST?: 'auto' | 'worker' | 'webcontainer';
}

declare namespace App {
  interface Locals {
    /** The lesson whose page is being rendered, for the components inside its prose. */
    lesson: import('./build/lessons.ts').LessonPage;
  }
}
