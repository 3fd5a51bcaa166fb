using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Konko.Server.Usage.Migrations;

/// <summary>The first tables.</summary>
[DbContext(typeof(UsageContext))]
[Migration(UsageContext.NewestMigration)]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "usage",
            columns: table => new
            {
                id = table.Column<string>(nullable: false),
                key_hash = table.Column<string>(nullable: false),
                model = table.Column<string>(nullable: false),
                path = table.Column<string>(nullable: false),
                begun = table.Column<long>(nullable: false),
                prompt_tokens = table.Column<int>(nullable: false),
                completion_tokens = table.Column<int>(nullable: false),
                cached_tokens = table.Column<int>(nullable: false),
                outcome = table.Column<string>(nullable: true),
                settled = table.Column<long>(nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_usage", row => row.id));
        migrationBuilder.CreateIndex("ix_usage_key_hash_begun", "usage", ["key_hash", "begun"]);
        migrationBuilder.CreateIndex("ix_usage_settled", "usage", "settled");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("usage");

    protected override void BuildTargetModel(ModelBuilder modelBuilder) => UsageContextModelSnapshot.Build(modelBuilder);
}
