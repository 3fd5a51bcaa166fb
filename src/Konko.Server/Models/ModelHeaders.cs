using Microsoft.AspNetCore.Http;

namespace Konko.Server.Models;

/// <summary>Tells by headers which model a request has found, and where.</summary>
internal static class ModelHeaders
{
    /// <summary>The header that names the model behind an alias.</summary>
    public const string Model = "x-konko-model";

    /// <summary>The header that names who computes: <c>local</c>, or an upstream.</summary>
    public const string Provider = "x-konko-provider";

    /// <summary>Sets the headers.</summary>
    /// <param name="response">The answer, not begun.</param>
    /// <param name="model">The model.</param>
    public static void Write(HttpResponse response, ServedModel model)
    {
        response.Headers[Model] = model.Id;
        if (model.ProviderName is string provider) response.Headers[Provider] = provider;
    }
}
