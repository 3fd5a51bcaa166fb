using System.Text;

namespace Konko.Server.Generation.Text;

/// <summary>
/// Thoughts as Qwen3, SmolLM3 and DeepSeek write them: one at the answer's beginning, between <c>&lt;think&gt;</c> and
/// <c>&lt;/think&gt;</c>. The marks and the white space on both sides of each belong to neither text.
/// </summary>
/// <remarks>Only at the beginning: an answer that speaks of the marks later on is an answer.</remarks>
/// <param name="begun">Whether the prompt has begun the thought already.</param>
internal sealed class TagThoughts(bool begun) : ThoughtParser
{
    /// <summary>Begins a thought.</summary>
    public const string Begin = "<think>";

    /// <summary>Ends it.</summary>
    public const string End = "</think>";

    // White space that stands for longer than any model's habit is text, and what is held back stays small.
    private const int MostSpace = 64;

    private readonly StringBuilder _held = new();
    private Place _place = begun ? Place.ThoughtBegins : Place.Start;

    private enum Place
    {
        Start,
        ThoughtBegins,
        Thought,
        ContentBegins,
        Content,
    }

    /// <inheritdoc/>
    public override SpokenText Append(string text)
    {
        if (_place == Place.Content) return new SpokenText("", text);
        _held.Append(text);
        string held = _held.ToString();
        string thought = "", content = "";
        if (_place == Place.Start) held = Start(held);
        if (_place == Place.ThoughtBegins) held = SkipSpace(held, Place.Thought);
        if (_place == Place.Thought) (thought, held) = Think(held);
        if (_place == Place.ContentBegins) held = SkipSpace(held, Place.Content);
        if (_place == Place.Content) (content, held) = (held, "");
        _held.Clear().Append(held);
        return new SpokenText(thought, content);
    }

    /// <inheritdoc/>
    public override SpokenText CallMark(string literal)
    {
        if (_place is Place.ThoughtBegins or Place.Thought) return SpokenText.None;
        SpokenText held = _place == Place.Start ? new SpokenText("", _held.ToString()) : SpokenText.None;
        _held.Clear();
        _place = Place.Content;
        return held + SpokenText.OfMark(literal);
    }

    /// <inheritdoc/>
    public override SpokenText Complete()
    {
        string held = _held.ToString();
        _held.Clear();
        return _place switch
        {
            Place.Start => new SpokenText("", held),
            Place.Thought => new SpokenText(held, ""),
            _ => SpokenText.None,
        };
    }

    private string Start(string held)
    {
        string text = held.TrimStart();
        if (held.Length - text.Length > MostSpace)
        {
            _place = Place.Content;
            return held;
        }

        if (text.StartsWith(Begin, StringComparison.Ordinal))
        {
            _place = Place.ThoughtBegins;
            return text[Begin.Length..];
        }

        if (!Begin.StartsWith(text, StringComparison.Ordinal)) _place = Place.Content;
        return held;
    }

    private string SkipSpace(string held, Place next)
    {
        string text = held.TrimStart();
        if (text.Length > 0) _place = next;
        return text;
    }

    private (string Thought, string Held) Think(string held)
    {
        int end = held.IndexOf(End, StringComparison.Ordinal);
        if (end >= 0)
        {
            _place = Place.ContentBegins;
            return (held[..SpaceBefore(held, end)], held[(end + End.Length)..]);
        }

        int mark = held.LastIndexOf('<');
        int safe = SpaceBefore(held, mark >= 0 && End.StartsWith(held[mark..], StringComparison.Ordinal) ? mark : held.Length);
        return (held[..safe], held[safe..]);
    }

    /// <summary>Where the white space begins that stands before a place, no more than is ever held back.</summary>
    private static int SpaceBefore(string text, int place)
    {
        int start = place;
        while (start > 0 && place - start < MostSpace && char.IsWhiteSpace(text[start - 1])) start--;
        return start;
    }
}
