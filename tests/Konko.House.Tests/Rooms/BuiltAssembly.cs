using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Konko.House.Tests.Rooms;

/// <summary>What a built assembly uses of others, read from its metadata: exact, whatever the source spelled.</summary>
/// <param name="Types">Full names of the types it uses.</param>
/// <param name="Members">The members it calls or reads, as <c>Namespace.Type.Member</c>.</param>
/// <param name="MembersOfFloats">Those of them that are generic and are given floating-point numbers, or a type parameter that may be one.</param>
internal sealed record BuiltAssembly(IReadOnlyList<string> Types, IReadOnlyList<string> Members, IReadOnlyList<string> MembersOfFloats)
{
    /// <summary>Reads the assembly of a project from beside the tests, where the build copied it.</summary>
    public static BuiltAssembly Read(string project)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, project + ".dll"));
        using PEReader image = new(file);
        MetadataReader metadata = image.GetMetadataReader();
        return new BuiltAssembly(
            [.. metadata.TypeReferences.Select(handle => FullName(metadata, handle))],
            [.. metadata.MemberReferences.Select(handle => FullName(metadata, handle)).OfType<string>()],
            [.. Specialised(metadata).Where(method => TakesFloats(metadata, method))
                .Select(method => FullName(metadata, (MemberReferenceHandle)method.Method)).OfType<string>()]);
    }

    /// <summary>The namespace of a full type name.</summary>
    public static string NamespaceOf(string type) => type[..Math.Max(0, type.LastIndexOf('.'))];

    private static IEnumerable<MethodSpecification> Specialised(MetadataReader metadata) =>
        Enumerable.Range(1, metadata.GetTableRowCount(TableIndex.MethodSpec))
            .Select(row => metadata.GetMethodSpecification(MetadataTokens.MethodSpecificationHandle(row)))
            .Where(method => method.Method.Kind == HandleKind.MemberReference);

    private static bool TakesFloats(MetadataReader metadata, MethodSpecification method)
    {
        BlobReader signature = metadata.GetBlobReader(method.Signature);
        signature.ReadByte(); // the mark of an instantiation
        signature.ReadCompressedInteger(); // how many arguments: the first is the element type
        return signature.ReadSignatureTypeCode() is SignatureTypeCode.Single or SignatureTypeCode.Double
            or SignatureTypeCode.GenericTypeParameter or SignatureTypeCode.GenericMethodParameter;
    }

    private static string? FullName(MetadataReader metadata, MemberReferenceHandle handle)
    {
        MemberReference member = metadata.GetMemberReference(handle);
        EntityHandle type = member.Parent.Kind == HandleKind.TypeSpecification
            ? GenericType(metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)member.Parent).Signature))
            : member.Parent;
        return type.Kind == HandleKind.TypeReference ? $"{FullName(metadata, (TypeReferenceHandle)type)}.{metadata.GetString(member.Name)}" : null;
    }

    /// <summary>The type that a signature gives arguments to, as <c>INumber</c> in <c>INumber&lt;T&gt;</c>.</summary>
    private static EntityHandle GenericType(BlobReader signature)
    {
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return default;
        signature.ReadSignatureTypeCode(); // class or value type
        return signature.ReadTypeHandle();
    }

    private static string FullName(MetadataReader metadata, TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name);
        // A nested type has its outer type for a scope and no namespace of its own.
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? FullName(metadata, (TypeReferenceHandle)type.ResolutionScope) + "+" + name
            : metadata.GetString(type.Namespace) + "." + name;
    }
}
