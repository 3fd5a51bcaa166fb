using System.Diagnostics;
using Konko.Engine;
using Konko.Engine.Sampling;
using Konko.Engine.Scheduling;
using Konko.Engine.Templates;
using Konko.Engine.Templates.Values;
using Konko.Load;

namespace Konko.Bench.Load;

/// <summary>Asks a model in this process: template, tokenizer and scheduler, but no server.</summary>
internal sealed class InProcessTarget(LocalModel model) : ILoadTarget
{
    /// <inheritdoc/>
    public async Task<StreamRecord> AskAsync(ChatRequest request, long due, CancellationToken cancellationToken)
    {
        // As over HTTP, the caller goes on while the prompt is made.
        await Task.Yield();
        long sent = Stopwatch.GetTimestamp();
        List<long> chunks = [];
        int[] prompt = Prompt(request);
        StreamRecord Ended(StreamEnd end, string? why = null) => new()
        {
            End = end,
            Due = due,
            Sent = sent,
            Chunks = chunks,
            Ended = Stopwatch.GetTimestamp(),
            CompletionTokens = chunks.Count,
            PromptTokens = prompt.Length,
            Message = why,
        };
        var generation = new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = Math.Min(request.MaxTokens, model.ContextLength - prompt.Length),
            Sampling = new SamplingParameters { Temperature = ChatRequest.Temperature, Seed = request.Seed, IgnoreEos = request.IgnoreEnd },
        };
        if (!model.Scheduler.TrySubmit(generation, out GenerationHandle? handle, out SubmitRefusal? refusal)) return Ended(StreamEnd.Refused, refusal.ToString());
        try
        {
            await foreach (GenerationOutput output in handle.ReadAllAsync(cancellationToken))
            {
                if (output is not TokenGenerated) continue;
                chunks.Add(Stopwatch.GetTimestamp());
                if (request.LeavesAfter <= chunks.Count) return Ended(StreamEnd.Vanished);
            }

            return Ended(StreamEnd.Done);
        }
        catch (GenerationFailedException exception)
        {
            return Ended(StreamEnd.Error, exception.Message);
        }
    }

    private int[] Prompt(ChatRequest request)
    {
        var input = new TemplateInput
        {
            Messages = TemplateValue.From((IEnumerable<TemplateValue>)[Message("system", request.System), Message("user", request.Question)]),
            BosToken = model.Tokenizer.BosId is int bos ? model.Tokenizer.Literal(bos) : null,
            EosToken = model.Tokenizer.EosId is int eos ? model.Tokenizer.Literal(eos) : null,
        };
        ChatTemplate template = model.ChatTemplate ?? throw new FormatException("The model has no chat template.");
        return [.. model.Tokenizer.Finish(model.Tokenizer.Encode(template.Render(input)))];
    }

    private static TemplateValue Message(string role, string content) =>
        TemplateValue.From((IEnumerable<KeyValuePair<string, TemplateValue>>)[new("role", TemplateValue.From(role)), new("content", TemplateValue.From(content))]);
}
