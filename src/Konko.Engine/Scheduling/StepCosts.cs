namespace Konko.Engine.Scheduling;

/// <summary>What steps cost on this machine, learned from the steps that were made: it says what fits into a step, never what comes out of it.</summary>
/// <remarks>
/// A step that only decodes is judged by its number of tokens, in classes that follow the kernels' tiles; until a
/// class has been seen it is guessed from the nearest one that has, and a class that is no longer seen drifts back to
/// that guess. Costs are in ticks of <see cref="TimeSpan"/>. A clock that stands still teaches nothing: then the
/// guesses alone decide.
/// </remarks>
internal sealed class StepCosts
{
    /// <summary>Steps of 1, 2, 3–4, 5–8, 9–16, … tokens beside a step of one: what it is where reading the weights takes about as long as multiplying them with four tokens.</summary>
    private static readonly double[] s_guess = [1, 1.08, 1.25, 2, 3.8, 7, 14, 28, 56, 112];

    /// <summary>How much of the way back to its guess a class goes with every step of another one: half of it in 140 steps.</summary>
    private const double Drift = 0.005;

    private readonly double[] _seen = new double[s_guess.Length];
    private double _promptToken;

    /// <summary>Ticks of a step that decodes so many tokens, drafted ones included.</summary>
    /// <param name="tokens">At least 1.</param>
    public double Decoding(int tokens)
    {
        int index = Class(tokens), known = Nearest(index);
        return known < 0 ? s_guess[index] : _seen[known] * s_guess[index] / s_guess[known];
    }

    /// <summary>How many prompt tokens may join a step of so many decoding ones so that it takes <paramref name="stretch"/> times as long.</summary>
    /// <param name="decoding">Decoding tokens, at least 1.</param>
    /// <param name="stretch">More than 1.</param>
    /// <returns>Any number of tokens; <see cref="int.MaxValue"/> while nothing is known.</returns>
    public int PromptTokensBeside(int decoding, double stretch)
        => _promptToken > 0 && Nearest(Class(decoding)) >= 0
            ? (int)Math.Min((stretch - 1) * Decoding(decoding) / _promptToken, int.MaxValue)
            : int.MaxValue;

    /// <summary>Learns from a step.</summary>
    /// <param name="decoding">Its decoding tokens, drafted ones included.</param>
    /// <param name="prompt">Its prompt tokens.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Record(int decoding, int prompt, TimeSpan elapsed)
    {
        if (elapsed <= TimeSpan.Zero || decoding + prompt == 0) return;
        if (prompt > 0)
        {
            bool known = decoding > 0 && Nearest(Class(decoding)) >= 0;
            double own = elapsed.Ticks - (known ? Decoding(decoding) : 0);
            if (own > 0) _promptToken = _promptToken == 0 ? own / prompt : Learned(_promptToken, own / prompt);
            return;
        }

        int index = Class(decoding);
        _seen[index] = Nearest(index) < 0 ? elapsed.Ticks : Learned(Decoding(decoding), elapsed.Ticks);
        for (int i = 0; i < _seen.Length; i++)
        {
            if (_seen[i] > 0 && i != index) _seen[i] += Drift * (_seen[index] * s_guess[i] / s_guess[index] - _seen[i]);
        }
    }

    /// <summary>Down quickly, up slowly: a step that something held up is not taken for the rule.</summary>
    private static double Learned(double before, double observed)
        => observed < before ? before + 0.3 * (observed - before) : before + 0.1 * (Math.Min(observed, 2 * before) - before);

    private static int Class(int tokens) => Math.Min(int.Log2(tokens * 2 - 1), s_guess.Length - 1);

    /// <summary>The nearest class that has been seen, or −1.</summary>
    private int Nearest(int index)
    {
        for (int distance = 0; distance < _seen.Length; distance++)
        {
            if (index >= distance && _seen[index - distance] > 0) return index - distance;
            if (index + distance < _seen.Length && _seen[index + distance] > 0) return index + distance;
        }

        return -1;
    }
}
