using Konko.Engine.Tokenizers.Unicode;

namespace Konko.Engine.Tokenizers.PreTokenizers;

/// <summary>Sets runs of some characters apart; what lies between two runs is one piece.</summary>
/// <param name="categories">The <see cref="CategorySet"/> that a run's characters may belong to.</param>
/// <param name="ranges">Further characters of a run.</param>
internal sealed class RunSplitter(uint categories, CodePointRanges? ranges = null) : Splitter
{
    /// <summary>Least characters of a run.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Most characters of a run; a longer one is several.</summary>
    public int Most { get; init; } = int.MaxValue;

    /// <summary>Whether a run takes one white-space character before it along (<c>\s?</c>).</summary>
    public bool TakesSpace { get; init; }

    /// <inheritdoc/>
    public override int End(CodePoints text, int start)
    {
        int end = RunEnd(text, start);
        if (end >= 0) return end;
        for (int i = start + 1; i < text.Length; i++)
        {
            if (RunEnd(text, i) >= 0) return i;
        }
        return text.Length;
    }

    private bool Contains(CodePoints text, int index) =>
        text.Is(index, categories) || (ranges is not null && ranges.Contains(text[index]));

    /// <summary>The end of the run that begins at an index, −1 where none does.</summary>
    private int RunEnd(CodePoints text, int index)
    {
        int first = index;
        if (TakesSpace && text.Is(index, CategorySet.Space) && Contains(text, index + 1)) first++;
        int end = first;
        while (end - first < Most && Contains(text, end)) end++;
        return end - first < Least ? -1 : end;
    }
}
