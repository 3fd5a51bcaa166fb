// npm's openai: chats, text, responses, embeddings, models.
import http from 'node:http';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { zodFunction, zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { ask, chatModel, embeddingModel, faultModel, faults, startServers, stopped, stoppedOneMore, weather } from './servers.js';

const sampling = { seed: 11, temperature: 0.7 };
const chat = { model: chatModel, messages: ask('Name three colours of the rainbow.'), max_tokens: 24, ...sampling };
const Answer = z.object({ ok: z.boolean(), count: z.number().int().min(1).max(9) });
const City = z.object({ city: z.string().max(20), unit: z.enum(['c', 'f']) });

let servers, client, broken;
before(async () => {
  servers = await startServers();
  client = new OpenAI({ baseURL: `${servers.url}/v1`, apiKey: 'any' });
  broken = new OpenAI({ baseURL: `${servers.faultUrl}/v1`, apiKey: 'any', maxRetries: 0 });
});
after(() => servers.stop());

const read = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};

describe('models', () => {
  test('are listed, and found by an id with a slash, in whatever case', async () => {
    const ids = (await client.models.list()).data.map((model) => model.id);
    assert.ok(ids.includes(chatModel) && ids.includes(embeddingModel));
    assert.equal((await client.models.retrieve('HuggingFaceTB/SmolLM2-135M-Instruct')).id, chatModel);
  });
});

describe('chat', () => {
  test('create, streamed and whole, says the same', async () => {
    const whole = await client.chat.completions.create(chat);
    const chunks = await read(await client.chat.completions.create({ ...chat, stream: true, stream_options: { include_usage: true } }));
    assert.ok(whole.choices[0].message.content.length > 0);
    assert.equal(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join(''), whole.choices[0].message.content);
    assert.equal(chunks.at(-1).usage.completion_tokens, whole.usage.completion_tokens);
    assert.equal(chunks.at(-2).choices[0].finish_reason, whole.choices[0].finish_reason);
  });

  test('the helper stream() ends in the whole answer', async () => {
    const whole = await client.chat.completions.create({ ...chat, n: 2 });
    const final = await client.chat.completions.stream({ ...chat, n: 2 }).finalChatCompletion();
    assert.deepEqual(final.choices.map((choice) => [choice.message.role, choice.message.content, choice.finish_reason]),
      whole.choices.map((choice) => ['assistant', choice.message.content, choice.finish_reason]));
    let heard = '';
    await client.chat.completions.stream(chat).on('content', (delta) => (heard += delta)).done();
    assert.equal(heard, whole.choices[0].message.content);
  });

  test('parse() gives an object that the schema describes', async () => {
    const request = { ...chat, max_tokens: 100, response_format: zodResponseFormat(Answer, 'answer') };
    const parsed = (await client.chat.completions.parse(request)).choices[0].message.parsed;
    assert.deepEqual(Answer.parse(parsed), parsed);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    assert.deepEqual(streamed.choices[0].message.parsed, parsed);
  });

  test('a tool is called with arguments that its schema describes, streamed and whole, and its result taken', async () => {
    const request = { ...chat, max_tokens: 100, tools: [zodFunction({ name: weather.name, parameters: City })], tool_choice: 'required' };
    const message = (await client.chat.completions.parse(request)).choices[0].message;
    const call = message.tool_calls[0];
    assert.equal(call.function.name, weather.name);
    assert.deepEqual(City.parse(call.function.parsed_arguments), call.function.parsed_arguments);
    const streamed = await client.chat.completions.stream(request).finalChatCompletion();
    assert.equal(streamed.choices[0].finish_reason, 'tool_calls');
    assert.equal(streamed.choices[0].message.tool_calls[0].function.arguments, call.function.arguments);
    assert.equal(streamed.choices[0].message.tool_calls[0].id, call.id);

    const messages = [...chat.messages, message, { role: 'tool', tool_call_id: call.id, content: '12 degrees' }];
    const answer = await client.chat.completions.create({ ...request, messages, tool_choice: 'none' });
    assert.ok(answer.choices[0].message.content.length > 0);
  });

  test('strict tools keep their schema where the model chooses to call', async () => {
    const tools = [{ type: 'function', function: { ...weather, strict: true } }];
    const messages = [{ role: 'system', content: 'Answer with a call of get_weather.' }, { role: 'user', content: 'Weather in Paris?' }];
    for (let seed = 0; seed < 4; seed++) {
      const [choice] = (await client.chat.completions.create({ ...chat, seed, messages, tools, max_tokens: 60 })).choices;
      for (const call of choice.finish_reason === 'tool_calls' ? choice.message.tool_calls : []) City.parse(JSON.parse(call.function.arguments));
    }
  });

  test('log-probabilities stand beside every token', async () => {
    const whole = await client.chat.completions.create({ ...chat, logprobs: true, top_logprobs: 2 });
    const entries = whole.choices[0].logprobs.content;
    assert.ok(entries.length > 0 && entries.every((entry) => entry.logprob <= 0 && entry.top_logprobs.length === 2));
    const final = await client.chat.completions.stream({ ...chat, logprobs: true, top_logprobs: 2 }).finalChatCompletion();
    assert.deepEqual(final.choices[0].logprobs.content, entries);
  });
});

describe('text', () => {
  test('create, streamed and whole, says the same', async () => {
    const request = { model: chatModel, prompt: ['Once upon a time', 'The sea'], max_tokens: 12, ...sampling };
    const whole = await client.completions.create(request);
    const texts = ['', ''];
    for (const chunk of await read(await client.completions.create({ ...request, stream: true })))
      for (const choice of chunk.choices) texts[choice.index] += choice.text;
    assert.deepEqual(texts, whole.choices.map((choice) => choice.text));
  });
});

describe('responses', () => {
  const request = { model: chatModel, input: 'Name three colours of the rainbow.', max_output_tokens: 24, ...sampling };

  test('create, streamed and whole, says the same', async () => {
    const whole = await client.responses.create(request);
    assert.ok(whole.output_text.length > 0);
    const events = await read(await client.responses.create({ ...request, stream: true }));
    assert.equal(events.filter((event) => event.type === 'response.output_text.delta').map((event) => event.delta).join(''), whole.output_text);
    assert.ok(['response.completed', 'response.incomplete'].includes(events.at(-1).type));
  });

  test('the helper stream() ends in the whole answer', async () => {
    const whole = await client.responses.create(request);
    const final = await client.responses.stream(request).finalResponse();
    assert.equal(final.output_text, whole.output_text);
    assert.deepEqual(final.usage.output_tokens, whole.usage.output_tokens);
  });

  test('parse() gives an object that the schema describes', async () => {
    const format = { ...request, max_output_tokens: 100, text: { format: zodTextFormat(Answer, 'answer') } };
    const parsed = (await client.responses.parse(format)).output_parsed;
    assert.deepEqual(Answer.parse(parsed), parsed);
    assert.deepEqual((await client.responses.stream(format).finalResponse()).output_parsed, parsed);
  });

  test('a tool is called, streamed and whole, and its result taken', async () => {
    const calling = { ...request, max_output_tokens: 100, tools: [{ type: 'function', strict: true, ...weather }], tool_choice: 'required' };
    const whole = await client.responses.create(calling);
    const call = whole.output.find((item) => item.type === 'function_call');
    City.parse(JSON.parse(call.arguments));
    const final = await client.responses.stream(calling).finalResponse();
    assert.equal(final.output[0].arguments, call.arguments);
    assert.equal(final.output[0].call_id, call.call_id);

    const input = [...ask(request.input), ...whole.output, { type: 'function_call_output', call_id: call.call_id, output: '12 degrees' }];
    assert.ok((await client.responses.create({ ...calling, input, tool_choice: 'none' })).output_text.length > 0);
  });

  test('log-probabilities stand beside every token', async () => {
    const whole = await client.responses.create({ ...request, top_logprobs: 2, include: ['message.output_text.logprobs'] });
    assert.ok(whole.output[0].content[0].logprobs.every((entry) => entry.logprob <= 0 && entry.top_logprobs.length === 2));
    assert.equal(whole.output[0].content[0].logprobs.map((entry) => entry.token).join(''), whole.output_text);
  });
});

describe('embeddings', () => {
  test('are the same as numbers and as base64, which the client asks for by itself', async () => {
    const request = { model: embeddingModel, input: ['one', 'two words'] };
    const packed = await client.embeddings.create(request);
    const plain = await client.embeddings.create({ ...request, encoding_format: 'float' });
    assert.equal(packed.data[1].embedding.length, 384);
    assert.deepEqual(packed.data.map((entry) => entry.embedding.map(Math.fround)), plain.data.map((entry) => entry.embedding.map(Math.fround)));
  });
});

describe('errors', () => {
  const refusals = { 400: OpenAI.BadRequestError, 401: OpenAI.AuthenticationError, 403: OpenAI.PermissionDeniedError, 404: OpenAI.NotFoundError, 429: OpenAI.RateLimitError, 500: OpenAI.InternalServerError, 503: OpenAI.InternalServerError };
  for (const [status, type] of Object.entries(refusals)) {
    test(`${status} is an error of its own`, async () => {
      for (const stream of [false, true])
        await assert.rejects(broken.chat.completions.create({ model: faultModel, messages: ask(`refuse ${status}`), stream }),
          (error) => error instanceof type && error.status === Number(status) && error.message.length > 4 && error.requestID.length > 0);
    });
  }

  test('a wrong method, a foreign content type and a body beyond the limit are errors of the real server', async () => {
    await assert.rejects(client.get('/chat/completions'), (error) => error instanceof OpenAI.APIError && error.status === 405);
    await assert.rejects(client.post('/chat/completions', { body: 'x', headers: { 'Content-Type': 'text/plain' } }), (error) => error instanceof OpenAI.APIError && error.status === 415);
    // A server that refuses a body before it has read it may end the connection under the one who still sends.
    await assert.rejects(client.completions.create({ model: chatModel, prompt: 'x'.repeat(40 << 20) }), (error) => error.status === 413 || error instanceof OpenAI.APIConnectionError);
  });

  test('a name that is not the server\'s own is 403 of the real server', async () => {
    // As a page on the web asks whose name was made to point here. Node's own fetch sets Host itself.
    const stranger = new OpenAI({
      baseURL: client.baseURL, apiKey: 'any', maxRetries: 0,
      fetch: (url, { method, headers }) => new Promise((resolve, reject) => {
        http.request(url, { method, headers: { ...Object.fromEntries(new Headers(headers)), host: 'rebound.example' } }, async (answer) => {
          resolve(new Response(Buffer.concat(await answer.toArray()), { status: answer.statusCode, headers: answer.headers }));
        }).on('error', reject).end();
      }),
    });
    await assert.rejects(stranger.models.list(),
      (error) => error instanceof OpenAI.PermissionDeniedError && error.status === 403 && error.type === 'permission_error' && error.code === 'host_not_allowed');
  });

  test('a wrong value is named', async () => {
    await assert.rejects(client.chat.completions.create({ ...chat, temperature: 3 }), (error) => error instanceof OpenAI.BadRequestError && error.param === 'temperature');
    await assert.rejects(client.responses.create({ model: chatModel, input: 'x', store: true }), (error) => error instanceof OpenAI.BadRequestError && error.param === 'store');
  });

  test('an unknown model is not found', async () => {
    await assert.rejects(client.chat.completions.create({ ...chat, model: 'no/such' }), (error) => error instanceof OpenAI.NotFoundError && error.code === 'model_not_found');
    await assert.rejects(client.models.retrieve('no/such'), OpenAI.NotFoundError);
  });

  for (const fault of faults) {
    test(`"${fault}" in mid-stream is never a complete answer`, async () => {
      const messages = ask(fault);
      await assert.rejects(async () => read(await broken.chat.completions.create({ model: faultModel, messages, stream: true })));
      await assert.rejects(broken.chat.completions.stream({ model: faultModel, messages }).finalChatCompletion());
      await assert.rejects(async () => read(await broken.completions.create({ model: faultModel, prompt: fault, stream: true })));
      await assert.rejects(async () => read(await broken.responses.create({ model: faultModel, input: fault, stream: true })));
      await assert.rejects(broken.responses.stream({ model: faultModel, input: fault }).finalResponse());
      await assert.rejects(broken.chat.completions.create({ model: faultModel, messages }), OpenAI.InternalServerError);
    });
  }
});

describe('abort', () => {
  for (const api of ['chat', 'responses']) {
    test(`stops the work on a stream of ${api}`, async () => {
      const before = await stopped(servers.faultUrl);
      const stream = api === 'chat'
        ? await broken.chat.completions.create({ model: faultModel, messages: ask('go on'), stream: true })
        : await broken.responses.create({ model: faultModel, input: 'go on', stream: true });
      let seen = 0;
      for await (const event of stream) if (event && ++seen === 5) stream.controller.abort();
      await stoppedOneMore(servers.faultUrl, before);
    });
  }

  test('stops the work on a whole answer', async () => {
    const before = await stopped(servers.faultUrl);
    const abort = new AbortController();
    const answer = broken.chat.completions.create({ model: faultModel, messages: ask('go on') }, { signal: abort.signal });
    setTimeout(() => abort.abort(), 100);
    await assert.rejects(answer, OpenAI.APIUserAbortError);
    await stoppedOneMore(servers.faultUrl, before);
  });
});
