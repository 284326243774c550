/** Where the site lets the lab run, decided when it is built: PUBLIC_SANDBOX_HOST. */

const hosts = ['auto', 'worker', 'webcontainer'];

const given = process.env.PUBLIC_SANDBOX_HOST ?? 'auto';
if (!hosts.includes(given)) throw new Error(`PUBLIC_SANDBOX_HOST=${given}, but only ${hosts.join(', ')} are known`);

/** Without them no page names StackBlitz, and no other host is ever asked for anything. */
export const offersWebContainers = given !== 'worker';
