using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Konko.Cli.Answers;

/// <summary>What one event of a stream brought.</summary>
internal sealed record AnswerPiece
{
    /// <summary>Text of the answer.</summary>
    public string Text { get; init; } = "";

    /// <summary>Text of the model's thoughts.</summary>
    public string Thought { get; init; } = "";

    /// <summary>Whether it stands for a token; an upstream that does not say sends one for each piece of text.</summary>
    public bool IsToken { get; init; }

    /// <summary>Why the answer ended.</summary>
    public string? FinishReason { get; init; }

    /// <summary>How many tokens it took.</summary>
    public CompletionUsage? Usage { get; init; }

    /// <summary>The event as a line of JSON.</summary>
    public required Func<string> Json { get; init; }

    /// <summary>The pieces of a chat's stream.</summary>
    public static async IAsyncEnumerable<AnswerPiece> OfAsync(KonkoStream<ChatCompletionChunk> stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ChatCompletionChunk chunk in stream.WithCancellation(cancellationToken))
        {
            ChoiceDelta? delta = chunk.Choices.FirstOrDefault(choice => choice.Index == 0)?.Delta;
            yield return new AnswerPiece
            {
                Text = delta?.Content ?? "",
                Thought = delta?.ReasoningContent ?? "",
                IsToken = chunk.Token is not null || !string.IsNullOrEmpty(delta?.Content) || !string.IsNullOrEmpty(delta?.ReasoningContent),
                FinishReason = chunk.Choices.FirstOrDefault(choice => choice.Index == 0)?.FinishReason,
                Usage = chunk.Usage,
                Json = () => JsonSerializer.Serialize(chunk, CliJson.Plain.ChatCompletionChunk),
            };
        }
    }

    /// <summary>The pieces of a continuation's stream.</summary>
    public static async IAsyncEnumerable<AnswerPiece> OfAsync(KonkoStream<CompletionChunk> stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CompletionChunk chunk in stream.WithCancellation(cancellationToken))
        {
            CompletionChoice? choice = chunk.Choices.FirstOrDefault(choice => choice.Index == 0);
            yield return new AnswerPiece
            {
                Text = choice?.Text ?? "",
                IsToken = chunk.Token is not null || choice?.Text is { Length: > 0 },
                FinishReason = choice?.FinishReason,
                Usage = chunk.Usage,
                Json = () => JsonSerializer.Serialize(chunk, CliJson.Plain.CompletionChunk),
            };
        }
    }
}
