namespace Konko.Engine.Tokenizers;

/// <summary>A model file's vocabulary cannot be used; the message says which key is wrong and how.</summary>
public sealed class TokenizerDataException : Exception
{
    /// <summary>Says that <paramref name="key"/> is wrong.</summary>
    /// <param name="key">The GGUF key, for example <c>tokenizer.ggml.merges</c>.</param>
    /// <param name="problem">What is wrong with it, a clause without a full stop.</param>
    public TokenizerDataException(string key, string problem) : base($"{key}: {problem}.")
    {
        Key = key;
        Problem = problem;
    }

    /// <summary>The GGUF key that is wrong.</summary>
    public string Key { get; }

    /// <summary>What is wrong with it, a clause without a full stop.</summary>
    public string Problem { get; }
}
