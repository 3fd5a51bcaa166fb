using Konko.Server.Api.Errors;
using Konko.Server.Generation;
using Konko.Server.Providers;

namespace Konko.Server.Models;

/// <summary>A model's provider that holds the model in memory for as long as a generation lives, and loads it again where it was unloaded since it was found.</summary>
internal sealed class LeasedProvider(ModelPool pool, RegisteredModel model) : IProvider
{
    public async ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken)
    {
        (ModelLease? lease, ApiError? error) = await pool.AcquireAsync(model, cancellationToken);
        if (lease is null) return error!;
        bool admitted = false;
        try
        {
            if (lease.Model.Provider is not IProvider provider)
                return ApiError.InvalidRequest("model", $"The model '{model.Id}' makes embeddings and gives no text.");
            Admission admission = await provider.AdmitAsync(request, cancellationToken);
            if (!admission.TryGet(out AdmittedGeneration? generation, out _)) return admission;
            admitted = true;
            return new Generation(generation, lease) { Seed = generation.Seed, PromptTokens = generation.PromptTokens };
        }
        finally
        {
            if (!admitted) lease.Dispose();
        }
    }

    private sealed class Generation(AdmittedGeneration inner, ModelLease lease) : AdmittedGeneration
    {
        public override IAsyncEnumerable<GenerationEvent> ReadAsync(CancellationToken cancellationToken) => inner.ReadAsync(cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            try
            {
                await inner.DisposeAsync();
            }
            finally
            {
                lease.Dispose();
            }
        }
    }
}
