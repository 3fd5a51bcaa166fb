using System.Runtime.CompilerServices;
using Konko.Streaming;
using Microsoft.Extensions.AI;

namespace Konko.Abstractions;

/// <summary>Chat as Microsoft.Extensions.AI asks for it.</summary>
internal sealed class KonkoChatClient(KonkoClient client, string model) : IChatClient
{
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ChatCompletion answer = await client.ChatCompletion.CreateAsync(ChatRequests.From(messages, options, model), cancellationToken).ConfigureAwait(false);
        ChatChoice? choice = answer.Choices is [var first, ..] ? first : null;
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, choice is null ? [] : Contents(choice.Message)) { RawRepresentation = choice, MessageId = answer.Id })
        {
            ResponseId = answer.Id,
            ModelId = answer.Model,
            CreatedAt = DateTimeOffset.FromUnixTimeSeconds(answer.Created),
            FinishReason = Reason(choice?.FinishReason),
            Usage = Usage(answer.Usage),
            RawRepresentation = answer,
        };
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Calls come in fragments, and are told when they are whole: an update of half a call is of no use to anybody.
        var fold = new ChatFold();
        bool calls = false;
        ChatCompletionChunk? last = null;
        await foreach (ChatCompletionChunk chunk in client.ChatCompletion.CreateStreaming(ChatRequests.From(messages, options, model), cancellationToken).ConfigureAwait(false))
        {
            last = chunk;
            ChatChunkChoice? choice = chunk.Choices.FirstOrDefault(choice => choice.Index == 0);
            if (choice?.Delta is { ToolCalls.Count: > 0 } or { FunctionCall: not null }) calls = true;
            if (calls && choice is not null) fold.Add(chunk);
            var contents = new List<AIContent>();
            if (choice?.Delta.ReasoningContent is { Length: > 0 } thought) contents.Add(new TextReasoningContent(thought));
            if (choice?.Delta.Content is { Length: > 0 } text) contents.Add(new TextContent(text));
            if (Usage(chunk.Usage) is { } usage) contents.Add(new UsageContent(usage));
            ChatFinishReason? reason = Reason(choice?.FinishReason);
            if (contents.Count > 0 || reason is not null) yield return Update(chunk, contents, reason);
        }

        if (calls) yield return Update(last!, [.. Contents(fold.Completion().Choices[0].Message).OfType<FunctionCallContent>()], null);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return new ChatClientMetadata("konko", client.BaseUrl, model);
        if (serviceType == typeof(KonkoClient)) return client;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    public void Dispose()
    {
        // The client is the caller's.
    }

    private static ChatResponseUpdate Update(ChatCompletionChunk chunk, IList<AIContent> contents, ChatFinishReason? reason) => new(ChatRole.Assistant, contents)
    {
        ResponseId = chunk.Id,
        MessageId = chunk.Id,
        ModelId = chunk.Model,
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(chunk.Created),
        FinishReason = reason,
        RawRepresentation = chunk,
    };

    private static List<AIContent> Contents(ChatCompletionMessage message)
    {
        var contents = new List<AIContent>();
        if (message.ReasoningContent is { Length: > 0 } thought) contents.Add(new TextReasoningContent(thought));
        if (message.Content is { Length: > 0 } text) contents.Add(new TextContent(text));
        foreach (ToolCall call in message.ToolCalls ?? []) contents.Add(ChatRequests.Call(call.Id, call.Function));
        return contents;
    }

    private static ChatFinishReason? Reason(string? reason) => reason switch
    {
        null => null,
        "stop" => ChatFinishReason.Stop,
        "length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" => ChatFinishReason.ContentFilter,
        _ => new ChatFinishReason(reason),
    };

    private static UsageDetails? Usage(CompletionUsage? usage) => usage is null ? null : new UsageDetails
    {
        InputTokenCount = usage.PromptTokens,
        OutputTokenCount = usage.CompletionTokens,
        TotalTokenCount = usage.TotalTokens,
        CachedInputTokenCount = usage.PromptTokensDetails?.CachedTokens,
    };
}
