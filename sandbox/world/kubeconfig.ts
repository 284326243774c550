/** The kubeconfig that kubeadm leaves for root on the control plane. */

/** Opaque to the lab's transport, which has no wire to protect; real in shape, so that `config view` shows what it should. */
const CERTIFICATE = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkJvdW5kCi0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K';

export const kubeconfig = (server: string): string => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${CERTIFICATE}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    namespace: default
    user: kubernetes-admin
  name: kubernetes-admin@kubernetes
current-context: kubernetes-admin@kubernetes
kind: Config
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${CERTIFICATE}
    client-key-data: ${CERTIFICATE}
`;
