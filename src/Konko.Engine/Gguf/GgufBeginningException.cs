namespace Konko.Engine.Gguf;

/// <summary>A file's header goes on behind the bytes that are there: fetch more of it and try again.</summary>
public sealed class GgufBeginningException : Exception
{
    internal GgufBeginningException(GgufBeginning beginning, long needed)
        : base($"{beginning.Name}: its header goes on behind the first {beginning.Bytes.Length} bytes.") => (Name, Needed) = (beginning.Name, needed);

    /// <summary>The file.</summary>
    public string Name { get; }

    /// <summary>How many of its first bytes are needed at least; more may be, once these are there.</summary>
    public long Needed { get; }
}
