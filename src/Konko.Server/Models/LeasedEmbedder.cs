using Konko.Server.Api.Errors;
using Konko.Server.Hosting;
using Konko.Server.Providers;

namespace Konko.Server.Models;

/// <summary>A model's embedder that holds the model in memory while it works, loads it again where it was unloaded since it was found, and is known to the <see cref="Drain"/>.</summary>
internal sealed class LeasedEmbedder(ModelPool pool, RegisteredModel model, Drain drain) : IEmbedder
{
    public async ValueTask<(EmbeddedTexts? Embedded, ApiError? Error)> EmbedAsync(EmbedderRequest request, CancellationToken cancellationToken)
    {
        if (!drain.TryEnter()) return (null, Drain.Refusal);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, drain.Expired);
            (ModelLease? lease, ApiError? error) = await pool.AcquireAsync(model, either.Token);
            if (lease is null) return (null, error);
            using (lease)
            {
                // The file may have been replaced since the model was found.
                return lease.Model.Embedder is IEmbedder embedder
                    ? await embedder.EmbedAsync(request, either.Token)
                    : (null, ApiError.InvalidRequest("model", $"The model '{model.Id}' makes no embeddings."));
            }
        }
        catch (OperationCanceledException) when (drain.Expired.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, Drain.Cut);
        }
        finally
        {
            drain.Leave();
        }
    }
}
