// Watches the claims of the cluster: what is there, then each change.
const url = 'http://localhost:6443/api/v1/persistentvolumeclaims';

function show(type, claim) {
  const { namespace, name } = claim.metadata;
  console.log(type.padEnd(8), `${namespace}/${name}`, claim.status?.phase ?? '', claim.spec.volumeName ?? '');
}

// The list says at which version it was read.
const list = await (await fetch(url)).json();
for (const claim of list.items) show('THERE', claim);
console.log(`${list.items.length} claims at version ${list.metadata.resourceVersion}, watching`);

// The watch goes on from there: each change is a line of JSON.
const query = `watch=true&resourceVersion=${list.metadata.resourceVersion}&allowWatchBookmarks=true`;
const { body } = await fetch(`${url}?${query}`);

// The answer comes in pieces, cut anywhere: back to lines.
let rest = '';
for await (const text of body.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  for (const line of lines) {
    const { type, object } = JSON.parse(line);
    if (type === 'ERROR') throw new Error(object.message);
    if (type !== 'BOOKMARK') show(type, object);
  }
}
console.log('The server has ended the watch.');
