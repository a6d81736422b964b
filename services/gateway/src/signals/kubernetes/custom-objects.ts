import { type CustomObjectsApi, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';
import type { z } from 'zod';
import { type ApiFault, apiFault } from './api-fault.ts';
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
  readonly api: CustomObjectsApi;
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

const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);
/** Requests only metadata, because a request may be as large as its alert. */
const metadataOnly = setHeaderOptions(
  'Accept',
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
);

/**
 * The objects of one kind. Methods return conflicts. They throw the error of `unavailable` if the
 * API server failed, and the client's error for our own mistakes.
 */
export class CustomObjects<Kept extends { readonly metadata: ObjectMetadata }> {
  readonly #parts: ObjectDeps;
  readonly #resource: Resource<Kept>;

  constructor(parts: ObjectDeps, resource: Resource<Kept>) {
    this.#parts = parts;
    this.#resource = resource;
  }

  async get(name: string): Promise<Kept | undefined> {
    const found = await this.#call((api, where) =>
      api.getNamespacedCustomObject({ ...where, name }),
    );
    // The reply is the same if the API server does not know the kind; creating an object reveals
    // that.
    return found instanceof Object ? this.#resource.schema.parse(found) : undefined;
  }

  /** Creates an object; undefined if the name exists. */
  async create(name: string, content: Change): Promise<Kept | undefined> {
    const { kind } = this.#resource;
    const apiVersion = `${group}/${version}`;
    const body = { ...content, apiVersion, kind, metadata: { ...content.metadata, name } };
    const made = await this.#call((api, where) =>
      api.createNamespacedCustomObject({ ...where, body, fieldValidation: 'Strict' }),
    );
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
    const patched = await this.#call((api, where) =>
      part === 'spec'
        ? api.patchNamespacedCustomObject({ ...where, name, body }, mergePatch)
        : api.patchNamespacedCustomObjectStatus({ ...where, name, body }, mergePatch),
    );
    return patched instanceof Object ? this.#resource.schema.parse(patched) : undefined;
  }

  /** Removes an object; false if it has changed since it was read. */
  async remove({ name, uid, resourceVersion }: ObjectMetadata): Promise<boolean> {
    const body = { preconditions: { uid, resourceVersion } };
    const removed = await this.#call((api, where) =>
      api.deleteNamespacedCustomObject({ ...where, name, body }),
    );
    return removed instanceof Object;
  }

  /** One page of the objects' metadata, in the order of their names. */
  async list({ fieldSelector, limit, continueAt }: ListOptions): Promise<ListedPage> {
    const found = await this.#call((api, where) =>
      api.listNamespacedCustomObject(
        {
          ...where,
          limit,
          ...(fieldSelector === undefined ? {} : { fieldSelector }),
          ...(continueAt === undefined ? {} : { _continue: continueAt }),
        },
        metadataOnly,
      ),
    );
    if (found instanceof Object) return ListedPage.parse(found);
    throw this.#parts.unavailable(`there is no kind ${this.#resource.kind}`);
  }

  async #call(
    ask: (api: CustomObjectsApi, where: Where) => Promise<unknown>,
  ): Promise<unknown | Exclude<ApiFault['kind'], 'unavailable'>> {
    const { api, namespace } = this.#parts;
    try {
      const answer = await ask(api, { group, version, namespace, plural: this.#resource.plural });
      this.#parts.answered();
      return answer;
    } catch (error) {
      const fault = apiFault(error);
      if (fault === undefined) throw error;
      if (fault.kind !== 'unavailable') return fault.kind;
      throw this.#parts.unavailable(fault.message);
    }
  }
}

interface Where {
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly plural: string;
}
