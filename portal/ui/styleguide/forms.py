"""Show what people fill in and hand in: fields, materials, uploads, problems, tasks."""

from __future__ import annotations

from datetime import date

from portal.ui import fields, work
from portal.ui.lights import Light
from portal.ui.styleguide.clocks import at


def tasks() -> tuple[work.Task, ...]:
    """Return two tasks, the first one primary."""
    return (
        work.Task(
            "确认现场勘验时间：4月15日 周三 9:30",
            "城管执法局勘验红线内 46 株树木，请带树木分布图。不确认，城市绿地、树木审批一直停着。",
            "#tasks",
            "确认时间",
            primary=True,
        ),
        work.Task(
            "施工许可阶段可以先填了，已自动带入 41 项中的 29 项",
            "工程建设许可办结后即可提交，预计 4月27日。",
            "#tasks",
            "接着填",
        ),
    )


def section_fields() -> tuple[fields.FieldView, ...]:
    """Return one field of every type, in every state."""
    view, source = fields.FieldView, fields.Source
    yes_no = (fields.Option("frame", "框架"), fields.Option("steel", "钢结构"))
    return (
        view("scheme_no", "设计方案编号", "text", "HY-2026-0317"),
        view("designer", "设计单位", "text", "海岳建筑设计院有限公司", source.CERTIFICATE, read_only=True),
        view(
            "far",
            "设计容积率",
            "decimal",
            "0.79",
            source.SYSTEM,
            "按单体列表算出",
            read_only=True,
            hint="规划条件 ≤ 1.0",
        ),
        view(
            "density",
            "建筑密度",
            "decimal",
            "26.4",
            unit="%",
            hint="规划条件 ≤ 25%",
            error="建筑密度 26.4%，超过规划条件的上限 25%。改指标，或先申请变更规划条件",
        ),
        view("floors", "层数", "int", "5", unit="层"),
        view(
            "shelter_area",
            "应建防空地下室面积",
            "decimal",
            unit="平方米",
            hint="地上面积 33,180 m²，按 5% 约 1,659 m²",
            error="填写应建防空地下室面积",
        ),
        view(
            "parking",
            "停车位",
            "int",
            "186",
            unit="个",
            required=False,
            warning="规划条件建议 190 个，少 4 个，可以提交，请在方案里说明",
        ),
        view("land_area", "用地面积", "decimal", "42,000.00", source.MAP, unit="平方米", read_only=True),
        view("invest", "总投资额", "decimal", "26,800", source.REGISTRY, unit="万元", read_only=True),
        view("structure", "结构形式", "enum", "frame", options=yes_no),
        view("basement", "有没有地下室", "bool", True),
        view("start_on", "计划开工日期", "date", "2026-06-01"),
        view("build_span", "计划建设起止", "daterange", ("2026-06-01", "2027-12-31")),
        view("owner_uscc", "建设单位统一社会信用代码", "uscc", "91449902MA9A00010F", source.REGISTRY, read_only=True),
        view("land_code", "土地出让合同编号", "code", ""),
        view("contact", "联系人", "person", "林澄海"),
        view("contact_mobile", "联系人手机", "mobile", "13800000000"),
        view("place", "建设地点坐标", "lonlat", ("113.512345", "22.412345")),
        view(
            "boundary",
            "用地红线",
            "geometry",
            "8 个点，42,000.00 m²",
            source.MAP,
            link="#fields",
            link_label="看红线图",
        ),
        view("summary", "建设内容和规模", "text", "新建教学楼 2 栋、综合楼 1 栋、风雨操场 1 座。", long=True),
        view(
            "buildings",
            "单体列表",
            "table",
            [{"name": "1#教学楼", "structure": "frame", "height": "23.6", "area": "11860"}],
            columns=(
                fields.Column("name", "名称"),
                fields.Column("structure", "结构", options=yes_no),
                fields.Column("height", "高度", "m", numeric=True),
                fields.Column("area", "地上面积", "m²", numeric=True),
            ),
        ),
    )


def slots() -> tuple[work.MaterialSlot, ...]:
    """Return a material slot in each state."""
    slot, state = work.MaterialSlot, work.SlotState
    drawing = work.SlotFile("总平面图_0410.dwg", 19_294_822, at(date(2026, 4, 10), 16, 20), "#materials", "#materials")
    return (
        slot(
            "site_plan",
            "设计方案总平面图",
            state.RECEIVED,
            "已收",
            "dwg 或 BIM",
            serves="用于 3 个事项",
            files=(drawing,),
            upload_url="#materials",
        ),
        slot(
            "land_permit",
            "建设用地规划许可证",
            state.NOT_NEEDED,
            "不用交",
            source="prior",
            source_words="2026年4月13日 核发，地字第 449902202600017 号",
        ),
        slot(
            "sunlight",
            "日照分析报告",
            state.MISSING,
            "缺",
            "pdf",
            serves="用于设计方案联合审查",
            note="可容缺，10 个工作日内补",
            reusable=(fields.Option("7", "日照分析_0312.pdf"),),
            upload_url="#materials",
        ),
        slot(
            "shelter",
            "人防设计专篇",
            state.MISMATCH,
            "不符",
            "pdf",
            problem="地下室面积前后不一：7,900 m² 与 7,600 m²",
            upload_url="#materials",
        ),
        slot("promise", "告知承诺书", state.PROMISED, "容缺承诺 4月30日前", required=False),
        slot("mandate", "授权委托书", state.EXPIRED, "已过期", upload_url="#materials"),
    )


def uploads() -> tuple[work.Upload, ...]:
    """Return a file on its way in each state."""
    return (
        work.Upload("总平面图_0410.dwg", "18.4 MB 4月10日 16:20", url="#uploads", url_label="看"),
        work.Upload("人防设计专篇.pdf", "正在上传 64%，还要约 20 秒", percent=64, url="#uploads", url_label="停止"),
        work.Upload(
            "日照分析.pdf", "网络断了，已传 41%。连上后自动续传", Light.DUE, url="#uploads", url_label="现在续传"
        ),
        work.Upload(
            "效果图.exe", "不收 exe 文件。请传 pdf、dwg 或 jpg", Light.LATE, url="#uploads", url_label="换一个"
        ),
        work.Upload("概算书.xlsx", "正在查毒，通常 10 秒内", Light.WAIT),
    )


def problems() -> tuple[work.Problem, ...]:
    """Return the problems of one notice."""
    return (
        work.Problem(
            "日照分析报告",
            "缺北侧现状住宅的日照影响分析",
            "补北侧 3 栋住宅冬至日分析，由注册建筑师签章",
            "设计方案联合审查",
            Light.DONE,
            "已补",
        ),
        work.Problem(
            "人防设计专篇",
            "地下室面积前后不一：7,900 m² 与 7,600 m²",
            "统一数值，并同步改申请表对应栏目",
            "防空地下室报建",
            Light.WAIT,
            "待补",
            "#materials",
            "去补",
        ),
    )
