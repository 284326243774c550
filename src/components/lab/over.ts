/** What opens over the lab, as one file: it is fetched once one can type, and is there when it is asked for. */

export { default as Menu } from './Menu.svelte';
export { default as Occupied } from './Occupied.svelte';
export { default as Report } from './Report.svelte';
export { default as Sessions } from './Sessions.svelte';
export { default as WhereSays } from './WhereSays.svelte';
