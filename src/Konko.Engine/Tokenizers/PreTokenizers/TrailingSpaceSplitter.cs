using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>Sets the white space at the end of a text apart (<c>\s+$</c>).</summary>
internal sealed class TrailingSpaceSplitter : Splitter
{
    /// <inheritdoc/>
    public override int End(CodePoints text, int start)
    {
        int end = text.Length;
        while (text.Is(end - 1, CategorySet.Space)) end--;
        return start < end ? end : text.Length;
    }
}
