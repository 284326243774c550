/** What a client accepts: format, transformation, pretty or not (apiserver pkg/endpoints/handlers/negotiation/negotiate.go). */

import { failure } from '../errors.ts';
import type { ApiRequest } from '../http.ts';
import { flag, parameter } from './request.ts';

export type Representation =
  | 'object'
  | 'Table'
  | 'PartialObjectMetadata'
  | 'PartialObjectMetadataList'
  | 'APIGroupDiscoveryList';

export interface Accepted {
  readonly as: Representation;
  /** Group and version of the transformation: `meta.k8s.io/v1`. */
  readonly groupVersion: string;
  readonly format: 'json' | 'yaml';
  readonly pretty: boolean;
  /** The content type answered. */
  readonly type: string;
}

/** Whether an endpoint can transform what it answers so; undefined is the plain form. */
type Allows = (as: string | undefined, groupVersion: string) => boolean;

const META = ['meta.k8s.io/v1', 'meta.k8s.io/v1beta1'];
const TRANSFORMATIONS = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'];

/** RequestScope.AllowsMediaTypeTransform. */
const ofResources: Allows = (as, groupVersion) =>
  as === undefined || (TRANSFORMATIONS.includes(as) && META.includes(groupVersion));

/** DiscoveryEndpointRestrictions; version 2beta1 is gone since 1.35. */
const aggregated: Allows = (as, groupVersion) =>
  as === 'APIGroupDiscoveryList' && groupVersion === 'apidiscovery.k8s.io/v2';

const plain: Allows = (as) => as === undefined;

export const MEDIA_TYPES = 'application/json, application/yaml, application/vnd.kubernetes.protobuf';

const notAcceptable = () =>
  failure(406, 'NotAcceptable', `only the following media types are accepted: ${MEDIA_TYPES}`);

/** For a resource. Throws NotAcceptable. */
export function accepted(request: ApiRequest): Accepted {
  const found = negotiate(request, ofResources);
  if (!found) throw notAcceptable();
  return found;
}

/** For the roots of discovery: aggregated if the client can take it. Throws NotAcceptable. */
export function acceptedDiscovery(request: ApiRequest): Accepted {
  const found = negotiate(request, aggregated) ?? negotiate(request, plain);
  if (!found) throw notAcceptable();
  return found;
}

/** For what has one form only. Throws NotAcceptable. */
export function acceptedPlain(request: ApiRequest): Accepted {
  const found = negotiate(request, plain);
  if (!found) throw notAcceptable();
  return found;
}

function negotiate(request: ApiRequest, allows: Allows): Accepted | undefined {
  const pretty = isPretty(request);
  for (const { type, parameters } of clauses(request.headers.accept || 'application/json')) {
    const format = formatOf(type);
    if (!format) continue;
    const { as, g = '', v = '', stream } = parameters;
    const transformed = as !== undefined || g !== '' || v !== '';
    const groupVersion = g ? `${g}/${v}` : v;
    if (!allows(transformed ? (as ?? '') : undefined, groupVersion)) continue;
    if (stream && stream !== 'watch') continue;
    const plainType = format === 'yaml' ? 'application/yaml' : 'application/json';
    return {
      as: (as as Representation | undefined) ?? 'object',
      groupVersion,
      format,
      pretty: pretty || parameters.pretty === '1',
      type: as === 'APIGroupDiscoveryList' ? `${plainType};g=${g};v=${v};as=${as}` : plainType,
    };
  }
  return undefined;
}

interface Clause {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** By weight, then the more exact first, then as given (goautoneg.ParseAccept). */
function clauses(header: string): readonly Clause[] {
  return header
    .split(',')
    .map((text) => {
      const [type = '', ...given] = text.split(';').map((part) => part.trim());
      const parameters = Object.fromEntries(
        given.map((part) => {
          const [name = '', value = ''] = part.split('=');
          return [name.trim(), value.trim()] as const;
        }),
      );
      const weight = parameters.q === undefined ? 1 : Number(parameters.q) || 0;
      return { type, parameters, weight, exactness: type === '*/*' ? 0 : type.endsWith('/*') ? 1 : 2 };
    })
    .sort((a, b) => b.weight - a.weight || b.exactness - a.exactness);
}

function formatOf(type: string): Accepted['format'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}

const READERS = ['curl', 'Wget', 'Mozilla/5.0'];

/** As asked, else for whoever seems to be a person. */
function isPretty(request: ApiRequest): boolean {
  if (parameter(request, 'pretty')) return flag(request, 'pretty');
  const agent = request.headers['user-agent'] ?? '';
  return READERS.some((reader) => agent.startsWith(reader));
}
