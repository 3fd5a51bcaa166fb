using System.Numerics;
using Konko.Engine.Grammar.Text;

namespace Konko.Engine.Grammar.Schema;

/// <summary>Sets of numbers as languages over their spellings without exponents, exact to the last digit.</summary>
/// <param name="budget">What they may cost.</param>
internal sealed class NumberLanguage(WorkBudget budget)
{
    private const int MostResidues = 10_000;
    private const int Minus = 0, Point = 1, FirstDigit = 2;

    private static readonly CodePointSet[] s_symbols = [CodePointSet.Of('-'), CodePointSet.Of('.'), .. Enumerable.Range('0', 10).Select(c => CodePointSet.Of(c))];

    private enum Part
    {
        Start,
        Sign,
        Zero,
        Whole,
        Point,
        Fraction,
    }

    /// <summary>Every number without an exponent.</summary>
    public CharacterDfa All => field ??= CharacterDfa.Build<Part>(s_symbols, Part.Start, Next, IsComplete, budget, "number");

    /// <summary>Every integer without an exponent, a fraction, or a negative zero.</summary>
    public CharacterDfa Integers => field ??= CharacterDfa.Build<Part>(
        s_symbols, Part.Start,
        (part, symbol) => symbol == Point || part == Part.Sign && symbol == FirstDigit ? null : Next(part, symbol), IsComplete, budget, "integer");

    /// <summary>The numbers that are at least, or at most, a bound.</summary>
    /// <param name="bound">The bound.</param>
    /// <param name="above">At least rather than at most.</param>
    /// <param name="exclusive">Without the bound itself.</param>
    /// <param name="location">What messages call it.</param>
    public CharacterDfa Bounded(ExactNumber bound, bool above, bool exclusive, string location)
    {
        string whole = bound.WholeDigits(), fraction = bound.FractionDigits();
        int sign = bound.Mantissa.Sign;
        return CharacterDfa.Build<Comparison>(s_symbols, default, Step, Accepts, budget, location);

        Comparison? Step(Comparison state, int symbol)
        {
            if (Next(state.Part, symbol) is not { } part) return null;
            Comparison next = state with { Part = part };
            if (symbol == Minus) return next with { Negative = true };
            if (symbol == Point) return next with { Order = WholeOrder(state), Digits = 0 };
            int digit = symbol - FirstDigit;
            next = next with { NonZero = state.NonZero || digit != 0 };
            string digits = part == Part.Fraction ? fraction : whole;
            if (state.Digits >= digits.Length)
            {
                // A longer whole part is greater however it begins; further digits of a fraction matter where all before are equal.
                return part == Part.Fraction
                    ? next with { Order = state.Order == 0 && digit > 0 ? 1 : state.Order }
                    : next with { Order = 0, Digits = whole.Length + 1 };
            }

            int order = state.Order != 0 ? state.Order : digit.CompareTo(digits[state.Digits] - '0');
            return next with { Order = order, Digits = order != 0 && part == Part.Fraction ? fraction.Length : state.Digits + 1 };
        }

        int WholeOrder(Comparison state) => state.Digits != whole.Length ? state.Digits.CompareTo(whole.Length) : state.Order;

        bool Accepts(Comparison state)
        {
            if (!IsComplete(state.Part)) return false;
            int order = state.Part == Part.Fraction ? state.Order : WholeOrder(state);
            if (order == 0 && (state.Part != Part.Fraction ? fraction.Length > 0 : state.Digits < fraction.Length)) order = -1;
            // Now of the signed numbers, where order compares the absolute ones.
            int own = !state.NonZero ? 0 : state.Negative ? -1 : 1;
            if (own != sign) order = own.CompareTo(sign);
            else if (own < 0) order = -order;
            else if (own == 0) order = 0;
            return order == 0 ? !exclusive : order > 0 == above;
        }
    }

    /// <summary>The spellings of one number.</summary>
    public CharacterDfa Exactly(ExactNumber value, string location) =>
        Bounded(value, above: true, exclusive: false, location).Intersect(Bounded(value, above: false, exclusive: false, location), budget, location);

    /// <summary>The multiples of a number.</summary>
    /// <param name="factor">More than zero.</param>
    /// <param name="location">What messages call it.</param>
    /// <exception cref="GrammarException">There are too many residues to tell apart.</exception>
    public CharacterDfa Multiples(ExactNumber factor, string location)
    {
        // With the point moved `places` to the right both are integers, and further digits must be zeros.
        int places = Math.Max(0, -factor.Exponent);
        BigInteger modulus = factor.Mantissa * BigInteger.Pow(10, Math.Max(0, factor.Exponent));
        if (modulus * (places + 2) > MostResidues) throw GrammarException.Unenforceable(location, $"multiples of {factor} cannot be told apart by an automaton of {MostResidues} states");
        int divisor = (int)modulus;
        int shift = (int)BigInteger.ModPow(10, places, modulus);
        return CharacterDfa.Build<Residue>(s_symbols, default, Step, Accepts, budget, location);

        Residue? Step(Residue state, int symbol)
        {
            if (Next(state.Part, symbol) is not { } part) return null;
            if (symbol is Minus or Point) return state with { Part = part };
            int digit = symbol - FirstDigit;
            if (part != Part.Fraction) return new Residue(part, (state.Value * 10 + digit) % divisor, 0);
            if (state.Places == places) return digit == 0 ? state with { Part = part } : null;
            return new Residue(part, (state.Value * 10 + digit) % divisor, state.Places + 1);
        }

        bool Accepts(Residue state)
        {
            if (!IsComplete(state.Part)) return false;
            long value = state.Value;
            if (state.Places == 0) value = value * shift % divisor;
            else for (int i = state.Places; i < places; i++) value = value * 10 % divisor;
            return value == 0;
        }
    }

    private static Part? Next(Part part, int symbol) => part switch
    {
        Part.Start when symbol == Minus => Part.Sign,
        Part.Start or Part.Sign when symbol == FirstDigit => Part.Zero,
        Part.Start or Part.Sign when symbol > FirstDigit => Part.Whole,
        Part.Zero or Part.Whole when symbol == Point => Part.Point,
        Part.Whole when symbol >= FirstDigit => Part.Whole,
        Part.Point or Part.Fraction when symbol >= FirstDigit => Part.Fraction,
        _ => null,
    };

    private static bool IsComplete(Part part) => part is Part.Zero or Part.Whole or Part.Fraction;

    /// <summary>How a number so far compares with a bound, both without their signs.</summary>
    private readonly record struct Comparison(Part Part, bool Negative, bool NonZero, int Digits, int Order);

    /// <summary>What a number so far leaves when divided.</summary>
    private readonly record struct Residue(Part Part, int Value, int Places);
}
