/** A line of a component's log, as klog writes it (k8s.io/klog/v2, formatHeader). */

export function klogLine(severity: 'E' | 'I', source: string, text: string, now: number, pid: number): string {
  const [date, time] = new Date(now).toISOString().slice(5, 23).replace('-', '').split('T');
  return `${severity}${date} ${time}000 ${String(pid).padStart(7)} ${source}] ${text}`;
}
