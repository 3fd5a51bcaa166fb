namespace Konko.Engine.Models.Encoders;

/// <summary>How the vectors of a text's tokens become one; numbered as in <c>pooling_type</c>.</summary>
internal enum Pooling
{
    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>The first one, of [CLS].</summary>
    First = 2,

    /// <summary>The last one.</summary>
    Last = 3,
}
