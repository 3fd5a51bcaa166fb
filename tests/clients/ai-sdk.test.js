// Vercel's ai, with its provider for servers like OpenAI's (chat completions) and with its OpenAI one (responses by default).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embedMany, generateText, Output, streamText, tool } from 'ai';
import { z } from 'zod';
import { chatModel, embeddingModel, faultModel, faults, startServers, stopped, stoppedOneMore } from './servers.js';

const Answer = z.object({ ok: z.boolean(), count: z.number().int().min(1).max(9) });
const City = z.object({ city: z.string().max(20), unit: z.enum(['c', 'f']) });
const prompt = 'Name three colours of the rainbow.';
const sampling = { seed: 11, temperature: 0.7, maxOutputTokens: 24, maxRetries: 0 };
const makers = {
  '@ai-sdk/openai-compatible': (url) => createOpenAICompatible({ name: 'konko', baseURL: `${url}/v1`, supportsStructuredOutputs: true, includeUsage: true }),
  '@ai-sdk/openai': (url) => createOpenAI({ baseURL: `${url}/v1`, apiKey: 'any' }),
};

let servers;
before(async () => (servers = await startServers()));
after(() => servers.stop());

for (const [name, make] of Object.entries(makers)) {
  describe(name, () => {
    const model = () => make(servers.url)(chatModel);
    const fault = () => make(servers.faultUrl)(faultModel);

    test('text is the same streamed and whole', async () => {
      // The default provider knows no seed where it speaks of responses; the best token is the same every time.
      const request = { ...sampling, temperature: 0, prompt, system: 'Be brief.' };
      const whole = await generateText({ model: model(), ...request });
      const stream = streamText({ model: model(), ...request });
      assert.ok(whole.text.length > 0);
      assert.equal(await stream.text, whole.text);
      assert.equal(await stream.finishReason, whole.finishReason);
      assert.equal((await stream.usage).outputTokens, whole.usage.outputTokens);
      assert.ok(whole.usage.outputTokens > 0);
    });

    test('an object is what the schema describes', async () => {
      const request = { ...sampling, maxOutputTokens: 100, temperature: 0, prompt, output: Output.object({ schema: Answer }) };
      const { output } = await generateText({ model: model(), ...request });
      assert.deepEqual(Answer.parse(output), output);
      assert.deepEqual(await streamText({ model: model(), ...request }).output, output);
    });

    test('a tool is called with arguments that its schema describes, and its result taken', async () => {
      const tools = { get_weather: tool({ description: 'The weather of a city.', inputSchema: City, execute: ({ city }) => `12 degrees in ${city}` }) };
      const request = { ...sampling, maxOutputTokens: 100, temperature: 0, prompt: 'Weather in Paris?', tools };
      const whole = await generateText({ model: model(), ...request, toolChoice: 'required' });
      assert.equal(whole.finishReason, 'tool-calls');
      assert.deepEqual(City.parse(whole.toolCalls[0].input), whole.toolCalls[0].input);
      assert.match(String(whole.toolResults[0].output), /^12 degrees/);
      const streamed = streamText({ model: model(), ...request, toolChoice: { type: 'tool', toolName: 'get_weather' } });
      assert.deepEqual(City.parse((await streamed.toolCalls)[0].input), (await streamed.toolCalls)[0].input);

      const messages = [{ role: 'user', content: request.prompt }, ...whole.response.messages];
      const { prompt: _, ...rest } = request;
      assert.ok((await generateText({ model: model(), ...rest, messages, toolChoice: 'none' })).text.length > 0);
    });

    test('errors are told from answers', async () => {
      for (const status of [400, 401, 403, 404, 429, 500, 503])
        await assert.rejects(generateText({ model: fault(), prompt: `refuse ${status}`, maxRetries: 0 }),
          (error) => APICallError.isInstance(error) && error.statusCode === status && error.message.length > 0);
      await assert.rejects(generateText({ model: make(servers.url)('no/such'), prompt, maxRetries: 0 }), (error) => error.statusCode === 404);
    });

    for (const break_ of faults) {
      test(`"${break_}" in mid-stream is never a complete answer`, async () => {
        const errors = [];
        const stream = streamText({ model: fault(), prompt: break_, maxRetries: 0, onError: ({ error }) => errors.push(error) });
        const ends = [];
        try {
          for await (const part of stream.fullStream) if (part.type === 'finish') ends.push(part.finishReason);
        } catch (error) {
          errors.push(error);
        }
        assert.ok(errors.length > 0);
        assert.ok(!ends.includes('stop') && !ends.includes('tool-calls'), `It ended by ${ends}.`);
        await assert.rejects(generateText({ model: fault(), prompt: break_, maxRetries: 0 }), (error) => error.statusCode === 500);
      });
    }

    test('abort stops the work', async () => {
      const before = await stopped(servers.faultUrl);
      const abort = new AbortController();
      const stream = streamText({ model: fault(), prompt: 'go on', abortSignal: abort.signal, onError() {} });
      let seen = 0;
      for await (const part of stream.fullStream) if (part.type === 'text-delta' && ++seen === 5) abort.abort();
      await stoppedOneMore(servers.faultUrl, before);
    });

    test('embeddings come for every value', async () => {
      const { embeddings } = await embedMany({ model: make(servers.url).textEmbeddingModel(embeddingModel), values: ['one', 'two words'] });
      assert.deepEqual(embeddings.map((vector) => vector.length), [384, 384]);
    });
  });
}

test('@ai-sdk/openai: log-probabilities stand beside every token', async () => {
  const model = makers['@ai-sdk/openai'](servers.url)(chatModel);
  const { providerMetadata } = await generateText({ model, prompt, maxOutputTokens: 8, providerOptions: { openai: { logprobs: 2 } } });
  const [entries] = providerMetadata.openai.logprobs;
  assert.ok(entries.length > 0 && entries.every((entry) => entry.logprob <= 0 && entry.top_logprobs.length === 2));
});

test('@ai-sdk/openai: chat completions work as well', async () => {
  const provider = makers['@ai-sdk/openai'](servers.url);
  const whole = await generateText({ model: provider.chat(chatModel), prompt, ...sampling });
  assert.equal(await streamText({ model: provider.chat(chatModel), prompt, ...sampling }).text, whole.text);
});
