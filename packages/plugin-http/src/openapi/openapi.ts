// The API described from the operations themselves (OpenAPI 3.1), so that the description cannot lag behind.
import type { HandledOperation, Language } from '@wanglou/core';

interface WithJsonSchema {
  readonly '~standard': { readonly jsonSchema?: { input(options: { target: string }): unknown } };
}

const problemSchema = {
  type: 'object',
  description: 'RFC 9457 problem document',
  required: ['type', 'title', 'status', 'code', 'detail', 'text'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    text: { type: 'object', properties: { zh: { type: 'string' }, en: { type: 'string' } } },
    decision: { type: 'object', description: 'All reasons of a refusal, each with its article and what is missing' },
    next: { type: 'object', description: 'The operation that starts getting what is missing' },
  },
};

/** The OpenAPI document of the operations that can be called now. */
export function describeApi(operations: readonly HandledOperation[], language: Language, version: string): object {
  const sorted = [...operations].sort((a, b) => a.operation.id.localeCompare(b.operation.id));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wanglou 望楼',
      version,
      description: 'Every operation goes through one gate: parse, decide, record, act. Requests that change something need the header `x-wanglou: 1`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }],
    tags: [...new Set(sorted.map(({ plugin }) => plugin))].map((name) => ({ name })),
    paths: Object.fromEntries(sorted.map((handled) => [`/api/v1/operations/${handled.operation.id}`, { post: describeOperation(handled, language) }])),
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'wanglou-session' } },
      schemas: { Problem: problemSchema },
      responses: { Problem: { description: 'Refused or failed', content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } } },
    },
  };
}

function describeOperation({ operation, plugin }: HandledOperation, language: Language): object {
  const schema = (operation.input as WithJsonSchema)['~standard'].jsonSchema?.input({ target: 'draft-2020-12' }) ?? {};
  const articles = operation.articles?.length ? `\n\nArticles: ${operation.articles.join(', ')}.` : '';
  return {
    operationId: operation.id,
    summary: operation.title[language],
    description: `Action \`${operation.action}\`.${articles}`,
    tags: [plugin],
    parameters: [{ name: 'x-wanglou', in: 'header', required: true, schema: { const: '1' } }],
    requestBody: { required: true, content: { 'application/json': { schema } } },
    responses: {
      200: { description: 'The answer', content: { 'application/json': { schema: { type: 'object' } } } },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}
