// The stand-in's page: what StackBlitz's `/headless` answers to the client, each process run by real Node behind a WebSocket.
/* global Comlink */
const encoder = new TextEncoder();

/** One process: its own socket to the Node side, which mounts the files and spawns. */
function run(files, { command, args }, output) {
  const socket = new WebSocket(`ws://${location.host}/`);
  let exited;
  const onExit = new Promise((resolve) => {
    exited = resolve;
  });
  socket.onopen = () => socket.send(JSON.stringify({ type: 'spawn', files, command, args }));
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === 'output') output(encoder.encode(message.text));
    else exited(message.code);
  };
  const send = (message) =>
    socket.readyState === WebSocket.CONNECTING
      ? socket.addEventListener('open', () => setTimeout(() => socket.send(JSON.stringify(message))))
      : socket.send(JSON.stringify(message));
  return Comlink.proxy({
    onExit,
    write: (text) => send({ type: 'input', text }),
    kill: () => send({ type: 'kill' }),
    resize: () => undefined,
  });
}

function build() {
  let files;
  return Comlink.proxy({
    fs: () => Comlink.proxy({}),
    previewScript: () => Comlink.proxy({}),
    runtimeInfo: () => ({ path: '/bin', cwd: '/home/bound' }),
    loadFiles: (payload) => {
      files = JSON.parse(new TextDecoder().decode(payload));
    },
    run: (options, _stdout, _stderr, output) => run(files, options, output),
  });
}

const { port1, port2 } = new MessageChannel();
Comlink.expose({ build: () => build() }, port1);
parent.postMessage({ type: 'init' }, '*', [port2]);
