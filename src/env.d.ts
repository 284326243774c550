/// <reference types="astro/client" />
/// <reference types="vite/client" />

// For tsc, which does not know the format; `astro check` reads the components themselves.
declare module '*.astro' {
  const component: import('astro/runtime/server/index.js').AstroComponentFactory;
  export default component;
}

declare module 'virtual:sandbox-worker?worker' {
  const SandboxWorker: new (options?: { name?: string }) => Worker;
  export default SandboxWorker;
}

interface ImportMetaEnv {
  readonly PUBLIC_SANDBOX_HOST?: 'auto' | 'worker' | 'webcontainer';
  /** '1' in packages for course systems, '' in the site. */
  readonly PUBLIC_COURSE: '' | '1';
}

declare namespace App {
  interface Locals {
    /** The lesson whose page is being rendered, for the components inside its prose. */
    lesson: import('./build/lessons.ts').LessonPage;
  }
}
