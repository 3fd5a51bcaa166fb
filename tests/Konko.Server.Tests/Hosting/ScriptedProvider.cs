using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Konko.Server.Generation;
using Konko.Server.Providers;

namespace Konko.Server.Tests.Hosting;

/// <summary>Says what the test writes into it, until the test ends it.</summary>
internal sealed class ScriptedProvider : IProvider
{
    private readonly Channel<GenerationEvent> _events = Channel.CreateUnbounded<GenerationEvent>();

    /// <summary>Generations that were let go.</summary>
    public int Disposed { get; private set; }

    public void Say(GenerationEvent item) => _events.Writer.TryWrite(item);

    public void End() => _events.Writer.Complete();

    public ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
        => ValueTask.FromResult<Admission>(new Scripted(this) { Seed = 1, PromptTokens = 1 });

    private sealed class Scripted(ScriptedProvider provider) : AdmittedGeneration
    {
        public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (GenerationEvent item in provider._events.Reader.ReadAllAsync(cancellationToken)) yield return item;
        }

        public override ValueTask DisposeAsync()
        {
            provider.Disposed++;
            return ValueTask.CompletedTask;
        }
    }
}
