// The same with the official client. Install it first, in this folder:  npm install @kubernetes/client-node
import { KubeConfig, Watch } from '@kubernetes/client-node';

const config = new KubeConfig();
config.loadFromDefault(); // the file that $KUBECONFIG names

const show = (type, { metadata, spec, status }) => {
  if (type === 'BOOKMARK') return;
  console.log(type.padEnd(8), `${metadata.namespace}/${metadata.name}`, status?.phase ?? '', spec.volumeName ?? '');
};

await new Watch(config).watch('/api/v1/persistentvolumeclaims', { allowWatchBookmarks: true }, show, (error) =>
  console.log('the watch ended:', error?.message ?? 'by the server'),
);
