// The stand-in's page: what StackBlitz's `/headless` answers to the client. Files and processes are the Node side's, over one WebSocket.
/* global Comlink, fault */
const encoder = new TextEncoder();

/** The Node side: requests with answers, and what its processes and watches tell meanwhile. */
class Machine {
  #socket = new WebSocket(`ws://${location.host}/`);
  #answers = new Map();
  #listeners = new Map();
  #last = 0;

  constructor() {
    this.open = new Promise((resolve) => {
      this.#socket.onopen = resolve;
    });
    this.#socket.onmessage = ({ data }) => {
      const { id, result, error, told } = JSON.parse(data);
      if (told !== undefined) this.#listeners.get(id)?.(told);
      else if (error === undefined) this.#answers.get(id)?.resolve(result);
      else this.#answers.get(id)?.reject(new Error(error));
    };
  }

  /** `listener` hears what is told under the request's own number. */
  async ask(request, listener) {
    await this.open;
    this.#last += 1;
    const id = this.#last;
    if (listener) this.#listeners.set(id, listener);
    const answer = new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, ...request }));
    return { id, result: await answer };
  }
}

async function run(machine, { command, args, cwd, env, terminal }, output) {
  let exited;
  const onExit = new Promise((resolve) => {
    exited = resolve;
  });
  const heard = ({ text, code }) => {
    if (text !== undefined) output(encoder.encode(text));
    else {
      output(null);
      exited(code);
    }
  };
  const { id: process } = await machine.ask({ type: 'spawn', command, args, cwd, env, terminal }, heard);
  return Comlink.proxy({
    onExit,
    write: (text) => machine.ask({ type: 'input', process, text }).then(() => undefined),
    kill: () => machine.ask({ type: 'kill', process }).then(() => undefined),
    resize: ({ cols, rows }) => machine.ask({ type: 'resize', process, cols, rows }).then(() => undefined),
  });
}

async function watch(machine, path, listener) {
  await machine.ask({ type: 'watch', path }, ({ event, name }) => listener(event, name));
  return Comlink.proxy({ close: () => undefined });
}

async function build() {
  if (fault === 'boot-never-answers') await new Promise(() => {});
  if (fault === 'boot-fails') throw new Error('the stand-in refuses to boot');
  const machine = new Machine();
  const { result: cwd } = await machine.ask({ type: 'boot' });
  return Comlink.proxy({
    fs: () => Comlink.proxy({ watch: (path, _options, listener) => watch(machine, path, listener) }),
    previewScript: () => Comlink.proxy({}),
    runtimeInfo: () => ({ path: '/bin', cwd }),
    loadFiles: async (payload) => {
      if (fault === 'mount-fails') throw new Error('ENOSPC: no space left on device');
      await machine.ask({ type: 'mount', tree: JSON.parse(new TextDecoder().decode(payload)) });
    },
    serialize: async (path) => encoder.encode(JSON.stringify((await machine.ask({ type: 'export', path })).result)),
    run: (options, _stdout, _stderr, output) => run(machine, options, output),
  });
}

if (fault !== 'never-init') {
  const { port1, port2 } = new MessageChannel();
  Comlink.expose({ build }, port1);
  parent.postMessage({ type: 'init' }, '*', [port2]);
}
