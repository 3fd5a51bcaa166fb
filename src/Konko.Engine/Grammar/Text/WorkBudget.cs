namespace Konko.Engine.Grammar.Text;

/// <summary>How much work the making of one grammar may still take.</summary>
internal sealed class WorkBudget
{
    private long _left = GrammarLimits.DfaWork;

    /// <summary>Takes some of it.</summary>
    /// <exception cref="GrammarException">There is not so much left.</exception>
    public void Spend(long steps, string location)
    {
        _left -= steps;
        if (_left < 0) throw GrammarException.TooLarge(location, "it takes too much work to compile");
    }
}
