using Konko.Server.Generation.Tools;

namespace Konko.Server.Generation.Text;

/// <summary>
/// The last stage before a choice's events: puts special tokens back where they stood in the text that is safe from stop
/// strings, parts thoughts from it, and finds the calls in what is left.
/// </summary>
/// <param name="thoughts">Tells thoughts from the answer; null where the model has none.</param>
/// <param name="calls">Finds tool calls; null where the request has no tools.</param>
internal sealed class AnswerParser(ThoughtParser? thoughts, CallStage? calls)
{
    private readonly Queue<SpokenMark> _marks = new();
    private int _position;

    /// <summary>Whether a second call has begun where only one is allowed: the choice is over.</summary>
    public bool Finished => calls?.Finished ?? false;

    /// <summary>What the choice ended by, if it was calls.</summary>
    public string? FinishReason => calls?.FinishReason;

    /// <summary>Whether there are deltas left for another event.</summary>
    public bool HasMoreCalls => calls?.HasMore ?? false;

    /// <summary>A special token came.</summary>
    /// <param name="literal">Its literal text.</param>
    /// <param name="position">Characters of the choice's text before it.</param>
    public void Mark(string literal, int position)
    {
        if (Minds(literal)) _marks.Enqueue(new SpokenMark(literal, position));
    }

    /// <summary>Whether a special token may mean something.</summary>
    /// <param name="literal">Its literal text.</param>
    public bool Minds(string literal) => thoughts is not null || calls?.IsMark(literal) == true;

    /// <summary>Takes text that is safe from stop strings.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isEnd">Whether it is the last.</param>
    /// <returns>What is thought, and what is said beside the calls.</returns>
    public SpokenText Append(string text, bool isEnd)
    {
        SpokenText spoken = SpokenText.None;
        int at = 0;
        while (_marks.TryPeek(out SpokenMark? mark) && mark.Position - _position <= text.Length)
        {
            _marks.Dequeue();
            int place = mark.Position - _position;
            spoken += Part(text[at..place]) + Control(mark);
            at = place;
        }

        spoken += Part(text[at..]);
        _position += text.Length;
        if (isEnd && thoughts is not null) spoken += thoughts.Complete();
        return calls is null ? spoken : new SpokenText(spoken.Thought, calls.Append(spoken, isEnd));
    }

    /// <summary>The deltas that the next event may carry.</summary>
    public IReadOnlyList<ToolCallDelta> NextCalls() => calls?.Next() ?? [];

    private SpokenText Part(string text) => thoughts?.Append(text) ?? new SpokenText("", text);

    private SpokenText Control(SpokenMark mark)
    {
        if (thoughts is null) return SpokenText.OfMark(mark.Literal);
        SpokenText spoken = thoughts.Control(mark.Literal, mark.Position);
        return calls?.IsMark(mark.Literal) == true ? spoken + thoughts.CallMark(mark.Literal) : spoken;
    }
}
