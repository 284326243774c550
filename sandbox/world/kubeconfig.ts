/** The kubeconfig that kubeadm leaves for root on the control plane. */

/** Opaque to the lab's transport, which has no wire to protect; real in shape, so that `config view` shows what it should. */
const CERTIFICATE = 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkJvdW5kCi0tLS0tRU5EIENFUlRJRklDQVRFLS0tLS0K';

/** Of CN=kubernetes-admin, O=system:masters, by CN=kubernetes: who has it is the administrator. */
const ADMINISTRATOR = [
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJTakNCOGFBREFnRUNBaFFlR044THJQU0w4a1ZMN1N3Nzc2aDFOcytYbXpB',
  'S0JnZ3Foa2pPUFFRREFqQVYKTVJNd0VRWURWUVFEREFwcmRXSmxjbTVsZEdWek1DQVhEVEF3TURFd01UQXdNREF3TUZvWUR6SXdP',
  'VGt3TVRBeApNREF3TURBd1dqQTBNUmN3RlFZRFZRUUtEQTV6ZVhOMFpXMDZiV0Z6ZEdWeWN6RVpNQmNHQTFVRUF3d1FhM1ZpClpY',
  'SnVaWFJsY3kxaFpHMXBiakJaTUJNR0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSEEwSUFCSXFFRTRyTUh6N1YKOCt1cjl2V1pqUHN3',
  'UXdGWmE2eFpBTFhNcHA4VmVHMkp3UTRUWXdXc3Z3ZENOWGp3OVU1QTlnaHpZS3NSZ1Y2RwpNSXJsczRodmtKTXdDZ1lJS29aSXpq',
  'MEVBd0lEU0FBd1JRSWhBTkdMSFRMYXVzMzIrNVlUWjZZZXVsRDlHZXZpClhEeDdkRVU1Y01jTG9GTVNBaUFzYkVEbytwdG9naUln',
  'S1pZTEdXZ01TRGh4amJsQUJwNExDdmQ2WW04SWpRPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=',
].join('');

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
    client-certificate-data: ${ADMINISTRATOR}
    client-key-data: ${CERTIFICATE}
`;
