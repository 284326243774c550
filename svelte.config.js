/** Svelte compiles TypeScript in components through Vite. */

import { vitePreprocess } from '@astrojs/svelte';

export default { preprocess: vitePreprocess() };
