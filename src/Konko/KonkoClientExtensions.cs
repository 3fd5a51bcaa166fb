using Konko.Abstractions;
using Microsoft.Extensions.AI;

namespace Konko;

/// <summary>Short forms and other faces of a <see cref="KonkoClient"/>.</summary>
public static class KonkoClientExtensions
{
    /// <summary>The short form: a model to talk to. <c>await foreach (var text in konko.Chat("model").StreamAsync("…"))</c></summary>
    /// <param name="client">The client.</param>
    /// <param name="model">The model's id or alias.</param>
    /// <param name="system">What the model is to be.</param>
    /// <param name="temperature">0 … 2.</param>
    /// <param name="maxTokens">Most tokens of an answer.</param>
    /// <param name="seed">The seed.</param>
    public static ChatModel Chat(this KonkoClient client, string model, string? system = null, double? temperature = null, int? maxTokens = null, long? seed = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        IEnumerable<Message> messages = system is null ? [] : [Message.System(system)];
        return new ChatModel(client.ChatCompletion, new ChatRequest { Model = model, Messages = messages, Temperature = temperature, MaxTokens = maxTokens, Seed = seed });
    }

    /// <summary>The chat client of Microsoft.Extensions.AI.</summary>
    /// <param name="client">The client, which stays the caller's.</param>
    /// <param name="model">The model, where the options of a call name none.</param>
    public static IChatClient AsChatClient(this KonkoClient client, string model)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new KonkoChatClient(client, model);
    }

    /// <summary>The embedding generator of Microsoft.Extensions.AI.</summary>
    /// <param name="client">The client, which stays the caller's.</param>
    /// <param name="model">The model, where the options of a call name none.</param>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(this KonkoClient client, string model)
    {
        ArgumentNullException.ThrowIfNull(client);
        return new KonkoEmbeddingGenerator(client, model);
    }
}
