import type { z } from 'zod';
import { type ApiFault, apiFault } from './api-fault.ts';
import type { ApiCall, SendCall } from './kubernetes-api.ts';
import { ListedPage, type ObjectMetadata } from './object-metadata.ts';

/** The group and version of the definitions in deploy/kubernetes/base/crds. */
export const group = 'remediation.secureconnect.io';
const version = 'v1alpha1';

/** One kind of object in one namespace. */
export interface Resource<Kept> {
  readonly plural: string;
  readonly kind: string;
  readonly schema: z.ZodType<Kept>;
}

export interface ObjectDeps {
  readonly send: SendCall;
  readonly namespace: string;
  /** Creates the error to throw if the failure is not the caller's fault. */
  readonly unavailable: (message: string) => Error;
  /** Called for each reply of the API server. */
  readonly answered: () => void;
}

/** The contents of a new object, or a change of an object; `null` removes a field. */
export interface Change {
  readonly metadata?: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec?: object;
  readonly status?: object;
}

/** The filter and page of a list. */
export interface ListOptions {
  readonly fieldSelector?: string;
  readonly limit: number;
  readonly continueAt?: string | undefined;
}

const mergePatch = 'application/merge-patch+json';
/** Requests only metadata, because a request may be as large as its alert. */
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';

/**
 * The objects of one kind. Methods return conflicts. They throw the error of `unavailable` if the
 * API server failed, and ApiRefusal for our own mistakes.
 */
export class CustomObjects<Kept extends { readonly metadata: ObjectMetadata }> {
  readonly #parts: ObjectDeps;
  readonly #resource: Resource<Kept>;

  constructor(parts: ObjectDeps, resource: Resource<Kept>) {
    this.#parts = parts;
    this.#resource = resource;
  }

  async get(name: string): Promise<Kept | undefined> {
    const found = await this.#call({ method: 'GET', path: this.#path(name) });
    // The reply is the same if the API server does not know the kind; creating an object reveals
    // that.
    return found instanceof Object ? this.#resource.schema.parse(found) : undefined;
  }

  /** Creates an object; undefined if the name exists. */
  async create(name: string, content: Change): Promise<Kept | undefined> {
    const { kind } = this.#resource;
    const apiVersion = `${group}/${version}`;
    const body = { ...content, apiVersion, kind, metadata: { ...content.metadata, name } };
    const query = { fieldValidation: 'Strict' };
    const made = await this.#call({ method: 'POST', path: this.#path(), query, body });
    if (made === 'exists') return undefined;
    if (made instanceof Object) return this.#resource.schema.parse(made);
    throw this.#parts.unavailable(`there is no namespace, or no kind ${kind}`);
  }

  /**
   * Merges a change into an object; undefined if it has changed since it was read.
   * @param part the API server stores `status` separately
   */
  async patch(
    { metadata }: Kept,
    change: Change,
    part: 'spec' | 'status' = 'spec',
  ): Promise<Kept | undefined> {
    const { name, resourceVersion } = metadata;
    const body = { ...change, metadata: { ...change.metadata, resourceVersion } };
    const path = part === 'spec' ? this.#path(name) : this.#path(name, 'status');
    const patched = await this.#call({ method: 'PATCH', path, body, contentType: mergePatch });
    return patched instanceof Object ? this.#resource.schema.parse(patched) : undefined;
  }

  /** Removes an object; false if it has changed since it was read. */
  async remove({ name, uid, resourceVersion }: ObjectMetadata): Promise<boolean> {
    const body = { preconditions: { uid, resourceVersion } };
    const removed = await this.#call({ method: 'DELETE', path: this.#path(name), body });
    return removed instanceof Object;
  }

  /** One page of the objects' metadata, in the order of their names. */
  async list({ fieldSelector, limit, continueAt }: ListOptions): Promise<ListedPage> {
    const query = {
      limit: String(limit),
      ...(fieldSelector === undefined ? {} : { fieldSelector }),
      ...(continueAt === undefined ? {} : { continue: continueAt }),
    };
    const path = this.#path();
    const found = await this.#call({ method: 'GET', path, query, accept: metadataOnly });
    if (found instanceof Object) return ListedPage.parse(found);
    throw this.#parts.unavailable(`there is no kind ${this.#resource.kind}`);
  }

  /** The path of all objects, of one, or of a part of one. */
  #path(...parts: readonly string[]): string {
    const { namespace } = this.#parts;
    const all = ['apis', group, version, 'namespaces', namespace, this.#resource.plural, ...parts];
    return `/${all.map(encodeURIComponent).join('/')}`;
  }

  async #call(call: ApiCall): Promise<unknown | Exclude<ApiFault['kind'], 'unavailable'>> {
    const { send, answered, unavailable } = this.#parts;
    try {
      const answer = await send(call);
      answered();
      return answer;
    } catch (error) {
      const fault = apiFault(error);
      if (fault === undefined) throw error;
      if (fault.kind !== 'unavailable') return fault.kind;
      throw unavailable(fault.message);
    }
  }
}
