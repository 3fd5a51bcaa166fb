namespace Konko.Server.Providers;

/// <summary>Whatever generates answers: the embedded engine, or an upstream. The renderers do not know which they serve.</summary>
public interface IProvider
{
    /// <summary>Takes a request on, or says why not: templates, tokenises, checks it against the context, queues it.</summary>
    /// <param name="request">What to generate.</param>
    /// <param name="cancellationToken">Gives up waiting for admission; an admitted generation has its own.</param>
    ValueTask<Admission> AdmitAsync(ProviderRequest request, CancellationToken cancellationToken);
}
