namespace Konko.Server.Providers;

/// <summary>Makes tokens of long prompts a few at a time: each takes a processor for a while, and many times its own memory.</summary>
internal static class LongPrompts
{
    /// <summary>Characters, or tokens, from which on a prompt is long.</summary>
    public const int Length = 64 << 10;

    private static readonly SemaphoreSlim s_turns = new(Environment.ProcessorCount, Environment.ProcessorCount);

    /// <summary>Whether a prompt is long.</summary>
    /// <param name="prompt">The prompt.</param>
    public static bool IsLong(Prompt prompt) => LengthOf(prompt) > Length;

    /// <summary>Does the work in its turn, and not on the thread that reads requests.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="work">The work.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await s_turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(work, cancellationToken);
        }
        finally
        {
            s_turns.Release();
        }
    }

    private static long LengthOf(Prompt prompt) => prompt switch
    {
        TextPrompt text => text.Text.Length + (long)(text.Suffix?.Length ?? 0),
        TokenPrompt tokens => tokens.Ids.Count,
        ChatPrompt chat => chat.Messages.Sum(message => 16 + (message.Content?.Parts.Sum(part => (long)part.Length) ?? 0) + (message.ReasoningContent?.Length ?? 0)) + (chat.Tools?.Tools.Count ?? 0) * 1024L,
        _ => 0,
    };
}
