using System.Text;

namespace Konko.Server.Generation.Text;

/// <summary>
/// Finds stop strings in a text that comes in pieces, and holds back what may yet become one. Where the pieces are cut
/// makes no difference: the match is the one that ends first and, among those, the longest.
/// </summary>
/// <remarks>One Knuth-Morris-Pratt automaton a stop string; a step costs a few comparisons a character.</remarks>
public sealed class StopMatcher
{
    private readonly StringBuilder _held = new();
    private readonly string[] _stops;
    private readonly int[][] _failures;
    private readonly int[] _states;

    /// <summary>A matcher at the beginning of a text.</summary>
    /// <param name="stops">The stop strings, none empty.</param>
    public StopMatcher(IReadOnlyList<string> stops)
    {
        _stops = [.. stops];
        _failures = [.. _stops.Select(Failures)];
        _states = new int[_stops.Length];
    }

    /// <summary>Whether a stop string was found; nothing more is taken then.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes the next piece of the text.</summary>
    /// <param name="piece">The piece.</param>
    /// <param name="honour">Whether a stop string that ends within this piece counts.</param>
    /// <returns>The text that has become safe to show.</returns>
    public string Append(string piece, bool honour)
    {
        if (Stopped) return "";
        if (_stops.Length == 0) return piece;

        for (int i = 0; i < piece.Length; i++)
        {
            _held.Append(piece[i]);
            int longestMatch = Advance(piece[i]);
            if (longestMatch == 0 || !honour) continue;
            Stopped = true;
            _held.Length -= longestMatch;
            return Take(_held.Length);
        }

        // A suffix of the text that begins a stop string is as long as that automaton's state; a cut before it never
        // falls inside a surrogate pair, because stop strings are well-formed.
        return Take(_held.Length - _states.Max());
    }

    /// <summary>The rest, once it is certain that the text goes no further; empty after a match.</summary>
    public string Complete() => Stopped ? "" : Take(_held.Length);

    private int Advance(char next)
    {
        int longest = 0;
        for (int s = 0; s < _stops.Length; s++)
        {
            string stop = _stops[s];
            int state = _states[s];
            while (state > 0 && stop[state] != next) state = _failures[s][state - 1];
            if (stop[state] == next) state++;
            if (state == stop.Length)
            {
                longest = Math.Max(longest, state);
                state = _failures[s][state - 1];
            }

            _states[s] = state;
        }

        return longest;
    }

    private string Take(int length)
    {
        if (length == 0) return "";
        string text = _held.ToString(0, length);
        _held.Remove(0, length);
        return text;
    }

    private static int[] Failures(string stop)
    {
        var failures = new int[stop.Length];
        for (int i = 1, state = 0; i < stop.Length; i++)
        {
            while (state > 0 && stop[state] != stop[i]) state = failures[state - 1];
            if (stop[state] == stop[i]) state++;
            failures[i] = state;
        }

        return failures;
    }
}
