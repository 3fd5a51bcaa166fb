using System.Runtime.CompilerServices;
using Konko.Server.Generation;
using Konko.Server.Providers;

namespace Konko.Server.Hosting;

/// <summary>A provider whose answers are known to the <see cref="Drain"/>: counted, refused once it began, ended when it expires.</summary>
internal sealed class DrainingProvider(IProvider inner, Drain drain) : IProvider
{
    public async ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        if (!drain.TryEnter()) return Drain.Refusal;
        bool admitted = false;
        try
        {
            Admission admission = await inner.AdmitAsync(request, cancellationToken);
            if (!admission.TryGet(out AdmittedGeneration? generation, out _)) return admission;
            admitted = true;
            return new Generation(generation, drain) { Seed = generation.Seed, PromptTokens = generation.PromptTokens };
        }
        finally
        {
            if (!admitted) drain.Leave();
        }
    }

    private sealed class Generation(AdmittedGeneration inner, Drain drain) : AdmittedGeneration
    {
        private int _disposed;

        public override async IAsyncEnumerable<GenerationEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Expired);
            await using IAsyncEnumerator<GenerationEvent> events = inner.ReadAsync(either.Token).GetAsyncEnumerator(CancellationToken.None);
            while (true)
            {
                bool more;
                try
                {
                    more = await events.MoveNextAsync();
                }
                catch (OperationCanceledException) when (drain.Expired.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    break;
                }

                if (!more) yield break;
                yield return events.Current;
            }

            yield return new GenerationFailed(Drain.Cut);
        }

        public override async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
            try
            {
                await inner.DisposeAsync();
            }
            finally
            {
                drain.Leave();
            }
        }
    }
}
