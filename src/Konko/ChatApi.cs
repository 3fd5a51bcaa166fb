namespace Konko;

/// <summary>What has to do with chat, in the spelling of today's SDKs.</summary>
public sealed class ChatApi
{
    internal ChatApi(ChatCompletionsApi completions) => Completions = completions;

    /// <summary>Chat answers.</summary>
    public ChatCompletionsApi Completions { get; }
}
