using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Konko.Server.Generation;
using Konko.Server.Models;
using Konko.Server.Providers;

namespace Konko.Server.Api.Answers;

/// <summary>The prompts of one request, generated side by side and read as one generation.</summary>
/// <remarks>Choice c of prompt p is choice p · n + c of the whole.</remarks>
internal sealed class PromptList : AdmittedGeneration
{
    private readonly List<AdmittedGeneration> _parts;
    private readonly int _choicesEach;
    private int _open;

    private PromptList(List<AdmittedGeneration> parts, int choicesEach) => (_parts, _choicesEach, _open) = (parts, choicesEach, parts.Count);

    /// <summary>Length of each prompt in tokens.</summary>
    public IReadOnlyList<int?> PromptTokensEach => [.. _parts.Select(part => part.PromptTokens)];

    /// <summary>Admits every prompt of a request, or none.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="clock">When it came and was validated.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<Admission> AdmitAsync(ServedModel model, AnswerRequest request, RequestClock clock, CancellationToken cancellationToken)
    {
        // Drawn within 53 bits so that callers whose numbers are doubles can send it back.
        long seed = request.Seed ?? Random.Shared.NextInt64(1L << 53);
        var parts = new List<AdmittedGeneration>(request.Prompts.Count);
        try
        {
            foreach (Prompt prompt in request.Prompts)
            {
                Admission admission = Best(await model.Provider.AdmitAsync(ProviderRequest(model, request, prompt, seed, clock), cancellationToken), request);
                if (request.Prompts.Count == 1 || !admission.TryGet(out AdmittedGeneration? part, out _)) return admission;
                parts.Add(part);
            }

            var list = new PromptList([.. parts], request.Choices) { Seed = parts[0].Seed, PromptTokens = parts.Sum(part => part.PromptTokens) };
            parts.Clear();
            return list;
        }
        finally
        {
            foreach (AdmittedGeneration part in parts) await part.DisposeAsync();
        }
    }

    public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateUnbounded<GenerationEvent>(new UnboundedChannelOptions { SingleReader = true });
        Task pumps = Task.WhenAll(_parts.Select((part, index) => PumpAsync(part, index * _choicesEach, events.Writer, stop.Token)));
        try
        {
            var usage = new TokenUsage(0, 0, 0);
            int running = _parts.Count;
            await foreach (GenerationEvent entry in events.Reader.ReadAllAsync(cancellationToken))
            {
                if (entry is not ChoiceAdvanced { Usage: { } part } last)
                {
                    yield return entry;
                    continue;
                }

                usage = new TokenUsage(usage.PromptTokens + part.PromptTokens, usage.CompletionTokens + part.CompletionTokens, usage.CachedTokens + part.CachedTokens);
                yield return last with { Usage = --running == 0 ? usage : null };
            }
        }
        finally
        {
            await stop.CancelAsync();
            await pumps;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (AdmittedGeneration part in _parts) await part.DisposeAsync();
    }

    private async Task PumpAsync(AdmittedGeneration part, int firstChoice, ChannelWriter<GenerationEvent> writer, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (GenerationEvent entry in part.ReadAsync(cancellationToken))
            {
                writer.TryWrite(entry switch
                {
                    ChoiceAdvanced advanced => advanced with { Choice = advanced.Choice + firstChoice },
                    PromptEchoed echo => echo with { Choice = echo.Choice + firstChoice },
                    _ => entry,
                });
            }

            if (Interlocked.Decrement(ref _open) == 0) writer.TryComplete();
        }
        catch (Exception e)
        {
            // The first failure ends the whole; nobody waits for the others.
            writer.TryComplete(e);
        }
    }

    private static Admission Best(Admission admission, AnswerRequest request)
        => request.Candidates > request.Choices && admission.TryGet(out AdmittedGeneration? all, out _)
            ? new BestOf(all, request.Choices, withLogProbs: request.Sampling.TopLogProbs is not null) { Seed = all.Seed, PromptTokens = all.PromptTokens }
            : admission;

    private static ProviderRequest ProviderRequest(ServedModel model, AnswerRequest request, Prompt prompt, long seed, RequestClock clock) => new()
    {
        Model = model.Id,
        Prompt = prompt,
        MaxTokens = request.MaxTokens,
        // To be ranked, choices need the model's own figures.
        Sampling = request.Sampling with { Seed = seed, TopLogProbs = request.Sampling.TopLogProbs ?? (request.Candidates > request.Choices ? 0 : null) },
        Choices = Math.Max(request.Choices, request.Candidates),
        Stop = request.Stop,
        Grammar = request.Grammar,
        Echo = request.Echo,
        Clock = clock,
    };
}
