namespace Konko.Engine.Grammar;

/// <summary>A schema, expression or grammar that cannot be used; the message names the part and says why.</summary>
public sealed class GrammarException : Exception
{
    /// <param name="error">What kind of refusal it is.</param>
    /// <param name="location">Where: a JSON pointer into a schema (<c>#/properties/a</c>), or the place in a text.</param>
    /// <param name="problem">What is wrong there, a phrase without a full stop.</param>
    public GrammarException(GrammarError error, string location, string problem)
        : base($"{location}: {problem}")
    {
        Error = error;
        Location = location;
    }

    /// <summary>What kind of refusal it is.</summary>
    public GrammarError Error { get; }

    /// <summary>Where: a JSON pointer into a schema (<c>#/properties/a</c>), or the place in a text.</summary>
    public string Location { get; }

    internal static GrammarException Invalid(string location, string problem) => new(GrammarError.Invalid, location, problem);

    internal static GrammarException Unenforceable(string location, string problem) => new(GrammarError.Unenforceable, location, problem);

    internal static GrammarException Unsatisfiable(string location) => new(GrammarError.Unsatisfiable, location, "nothing can satisfy it");

    internal static GrammarException TooLarge(string location, string what) => new(GrammarError.TooLarge, location, what);
}
