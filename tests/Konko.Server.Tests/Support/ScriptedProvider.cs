using System.Runtime.CompilerServices;
using Konko.Engine.Scheduling;
using Konko.Engine.Tokenizers;
using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Konko.Server.Generation.Text;
using Konko.Server.Generation.Tools;
using Konko.Server.Providers;

namespace Konko.Server.Tests.Support;

/// <summary>A provider that says what a test's script says, through the product's own assembling of tokens to events.</summary>
internal sealed class ScriptedProvider(Func<ProviderRequest, CancellationToken, IAsyncEnumerable<GenerationOutput>> script) : IProvider
{
    private int _running;

    public ScriptedProvider(Func<ProviderRequest, IEnumerable<GenerationOutput>> script)
        : this((request, cancellationToken) => script(request).ToAsyncEnumerable())
    {
    }

    /// <summary>The latest request.</summary>
    public ProviderRequest? Last { get; private set; }

    public Tokenizer Tokenizer { get; init; } = new ByteTokenizer();

    /// <summary>How the script writes tool calls.</summary>
    public ToolDialect Dialect { get; init; }

    /// <summary>Says no, where set.</summary>
    public Func<ProviderRequest, ApiError?>? Refusal { get; init; }

    /// <summary>Generations that were admitted and not disposed yet.</summary>
    public int Running => Volatile.Read(ref _running);

    public ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        Last = request;
        if (Refusal?.Invoke(request) is { } error) return ValueTask.FromResult<Admission>(error);
        if (request.Prompt is TokenPrompt { Ids: var ids } && ids.Any(id => id >= Tokenizer.VocabularySize))
            return ValueTask.FromResult<Admission>(ApiError.InvalidRequest("prompt", "'prompt' holds what is no token."));
        Interlocked.Increment(ref _running);
        List<int> prompt = request.Prompt switch
        {
            TextPrompt text => Tokenizer.Encode(text.Text, parseSpecial: true),
            TokenPrompt tokens => [.. tokens.Ids],
            ChatPrompt chat => Tokenizer.Encode(string.Join('\n', chat.Messages.Select(m => m.Role + string.Concat(m.Content?.Parts ?? []))), parseSpecial: false),
            _ => throw new ArgumentException("Unknown prompt.", nameof(request)),
        };
        return ValueTask.FromResult<Admission>(new Generation(this, request, prompt) { Seed = request.Sampling.Seed, PromptTokens = prompt.Count });
    }

    private sealed class Generation(ScriptedProvider provider, ProviderRequest request, List<int> prompt) : AdmittedGeneration
    {
        private int _disposed;

        public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var assembler = new AnswerAssembler(request, provider.Tokenizer, prompt, provider.Dialect);
            var events = new List<GenerationEvent>();
            await foreach (GenerationOutput output in provider.Script(request, cancellationToken).WithCancellation(cancellationToken))
            {
                assembler.Take(output, events);
                foreach (GenerationEvent entry in events) yield return entry;
                events.Clear();
                if (assembler.Ended) yield break;
            }

            assembler.Complete(events);
            foreach (GenerationEvent entry in events) yield return entry;
        }

        public override ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) == 0) Interlocked.Decrement(ref provider._running);
            return ValueTask.CompletedTask;
        }
    }

    private IAsyncEnumerable<GenerationOutput> Script(ProviderRequest request, CancellationToken cancellationToken) => script(request, cancellationToken);
}
