namespace Konko.Engine.Scheduling.Drafting;

/// <summary>How often one sequence's drafts were right, by the length of the match that they came from.</summary>
/// <remarks>
/// What was seen fades with every drawn token, so a text whose drafts failed is tried again later, and one that has
/// left the passage it quoted is soon left alone.
/// </remarks>
internal sealed class Acceptance
{
    /// <summary>So many tokens that were seen count as much as what is expected beforehand: fewer, and one draft that failed says too much.</summary>
    private const float PriorWeight = 6;

    private const float FadePerDraft = 0.9f;
    private const float FadePerToken = 0.99f;

    private static readonly float[] s_prior = [0.3f, 0.5f, 0.7f, 0.85f];

    private readonly float[] _right = new float[s_prior.Length];
    private readonly float[] _wrong = new float[s_prior.Length];

    /// <summary>How probable it is that the next drafted token is right.</summary>
    /// <param name="match">Length of the match.</param>
    public float Estimate(int match)
    {
        int index = Class(match);
        return (PriorWeight * s_prior[index] + _right[index]) / (PriorWeight + _right[index] + _wrong[index]);
    }

    /// <summary>Learns from a draft.</summary>
    /// <param name="match">Length of the match.</param>
    /// <param name="right">Drafted tokens that were drawn.</param>
    /// <param name="wrong">Whether another token was drawn than the next drafted one.</param>
    public void Record(int match, int right, bool wrong)
    {
        int index = Class(match);
        _right[index] = _right[index] * FadePerDraft + right;
        _wrong[index] = _wrong[index] * FadePerDraft + (wrong ? 1 : 0);
    }

    /// <summary>Lets some of what was seen fade.</summary>
    /// <param name="tokens">Tokens drawn since the last time.</param>
    public void Fade(int tokens)
    {
        float keep = 1;
        for (; tokens > 0 && keep > 0.001f; tokens--) keep *= FadePerToken;
        for (int i = 0; i < s_prior.Length; i++)
        {
            _right[i] *= keep;
            _wrong[i] *= keep;
        }
    }

    private static int Class(int match) => match < 3 ? 0 : match < 4 ? 1 : match < 8 ? 2 : 3;
}
